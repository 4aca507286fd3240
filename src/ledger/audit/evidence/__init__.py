"""Evidence that a ledger did what it should not: one file that anybody can check offline (docs/formats/monitoring.md)."""

from ledger.audit.evidence.check import Judgement, judge
from ledger.audit.evidence.document import FORMAT, Evidence, Exhibit, parse_evidence

__all__ = ["FORMAT", "Evidence", "Exhibit", "Judgement", "judge", "parse_evidence"]
