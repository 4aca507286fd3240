"""Whether an exported package holds together: integrity, lawfulness, results. Runs offline, whatever the file holds."""

from ledger.audit.findings import Finding, NotChecked
from ledger.audit.report import Report
from ledger.audit.trust import Trust
from ledger.audit.verification import verify

__all__ = ["Finding", "NotChecked", "Report", "Trust", "verify"]
