"""The import of one election: the plan, the ballots, the closing and the outcome."""

from ledger.canonical import JsonValue
from ledger.importers.pabulib.submissions import Election
from ledger.importers.posting import Posting
from ledger.importers.report import ImportReport
from ledger.importers.running import Progress, Run, run_name


def import_election(election: Election, posting: Posting, content: bytes, progress: Progress) -> ImportReport:
    """The report of the import. Running it again with the same file and options records nothing; `content` and options name the run.

    The vote is opened before the first ballot and closed after the last. A ballot that is refused is noted with its line and the import
    goes on; anything else that is refused ends it, and a later run goes on from there.
    """
    run = Run(posting, run_name(content, election.options), election.report, progress)
    opened = run.first(election.first())
    told = election.opening(str(posting.entry(opened).get("via")))
    seqs = dict(zip((one.document["type"] for one in told), run.whole(told), strict=True))
    sealed, rules = posting.entry(seqs["candidates.sealed/1"]), posting.entry(seqs["step.rules_set/2"])
    run.each(election.ballots(_digest(sealed), _digest(rules)))
    if election.options.with_demographics:
        run.each(election.demographics())
    run.whole(election.closing())
    run.whole(election.outcome())
    run.finish()
    return election.report


def _digest(entry: dict[str, JsonValue]) -> str:
    match entry:
        case {"data": {"digest": str(digest)}}:
            return digest
    raise AssertionError("the ledger fills the digest of rules and candidates")
