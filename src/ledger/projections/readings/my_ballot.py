"""What became of one person's ballot in one step, for whoever holds their `k` (docs/formats/pseudonyms.md, "Finding one's own ballot").

It follows from the same readings as the result: a ballot is told to be counted exactly where the count counts it. Choices are told where
they are public: cast in clear, or disclosed together with all others.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from ledger.canonical import JsonValue
from ledger.events import Event, read_event
from ledger.events.ballot import BallotWithdrawn
from ledger.events.redacted import Redacted, is_redacted, read_redacted
from ledger.projections.readings.ballot_step import BallotStep, ballot_step
from ledger.projections.readings.counting import Judge
from ledger.projections.source import Ballot, Source, with_choices
from ledger.projections.tables.ballots import choices_text

Json = dict[str, JsonValue]
Status: TypeAlias = Literal["counted", "not_counted", "not_yet_counted", "marked_present", "nobody_used_this_name"]
Line: TypeAlias = Event | Redacted


def stream_of(step: str, actor: str) -> str:
    """The stream of that person's ballot."""
    return f"ballot/{step}/{actor}"


def read_line(entry: bytes) -> Line:
    """The event of an entry, or what stands in its place. Raises `Malformed` leaves."""
    return read_redacted(entry) if is_redacted(entry) else read_event(entry)


def my_ballot(source: Source, ref: str, actor: str, ballot: Ballot | None, lines: Sequence[Line]) -> Json | None:
    """What became of the ballot of `actor` in the step; None where it is no ballot step whose rules were set.

    `ballot` is its last event as the source has it, `lines` are all entries of its stream, ascending.
    """
    step = ballot_step(source, ref)
    if step is None:
        return None
    on_roll, attended = _roll(source, step, actor)
    if ballot is not None and step.sealed and step.row["disclosed"] is not None:
        ballot = next(with_choices(iter((ballot,)), source.disclosed_choices(ballot.seq, ballot.seq + 1)))
    status, code = _status(source, step, actor, ballot)
    if ballot is None and attended is not None:
        status = "marked_present"
    elif ballot is None and lines:
        status, code = "not_counted", "redacted"
    return {
        "step": ref,
        "pseudonym": actor,
        "status": status,
        "code": code,
        "on_roll": on_roll,
        "attended": attended,
        "choices": _choices(step, ballot),
        "entries": list(_told(lines)),
    }


def _status(source: Source, step: BallotStep, actor: str, ballot: Ballot | None) -> tuple[Status, str | None]:
    if ballot is None:
        return "nobody_used_this_name", None
    if ballot.withdrawn is not None:
        return "not_counted", "withdrawn"
    if not step.over:
        return "not_yet_counted", "step_open" if step.row["closed"] is None else "paper_open"
    if step.why_pending is not None:
        return "not_yet_counted", step.why_pending
    reason = Judge(source, step, actor).reason(ballot)
    return ("counted", None) if reason is None else ("not_counted", reason)


def _roll(source: Source, step: BallotStep, actor: str) -> tuple[bool | None, Json | None]:
    """Whether the person is on the roll, None where there is none, and where they were marked as having come, if they were."""
    if not step.row["has_roll"]:
        return None, None
    row = source.row("roll", f"{step.ref}/{actor}")
    if row is None:
        return False, None
    attended: Json | None = None if row["attended_seq"] is None else {"seq": row["attended_seq"], "channel": row["channel"]}
    return row["listed_seq"] is not None, attended


def _choices(step: BallotStep, ballot: Ballot | None) -> str | None:
    """The choices of the last ballot as the table `ballots` writes them; None where they are not public, and of none."""
    if ballot is None or ballot.choices is None:
        return None
    return choices_text({candidate.item.position: candidate.item.ref for candidate in step.candidates}, ballot.choices)[0]


def _told(lines: Sequence[Line]) -> Iterator[Json]:
    """Each entry, and what became of it: `last`, `replaced`, or `withdrawn` by the one after it."""
    for line, following in pairwise([*lines, None]):
        if line is None:
            return
        became = "last" if following is None else "withdrawn" if _withdraws(following) else "replaced"
        if isinstance(line, Redacted):
            yield {"seq": line.seq, "type": line.type, "became": became, "redacted": line.authority}
            continue
        yield {
            "seq": line.seq,
            "type": line.type,
            "became": became,
            "at": line.at,
            "channel": line.channel,
            "via": line.via,
            "role": line.role,
            "by_somebody_else": line.by is not None or line.role != "participant",
        }


def _withdraws(line: Line) -> bool:
    if isinstance(line, Redacted):
        return line.type == BallotWithdrawn.wire_type()
    return isinstance(line.data, BallotWithdrawn)
