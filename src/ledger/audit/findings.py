"""What an audit finds: values, not exceptions, because an auditor wants all of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

Stage = Literal["reading", "integrity", "lawfulness", "results", "older"]
Severity = Literal["fault", "notice"]
STAGES: Final[tuple[Stage, ...]] = ("reading", "integrity", "lawfulness", "results", "older")

MOST_OF_ONE_KIND: Final = 20
"""Findings of one check that are listed one by one; of the others the number is told."""
LONGEST_QUOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be (`fault`), or that a reader should know (`notice`).

    `check` names the rule, and is stable; `place` is a file, a line of a file, or an entry.
    """

    stage: Stage
    check: str
    place: str
    expected: str
    found: str
    severity: Severity = "fault"


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that was not looked at, and why; `code` is stable."""

    stage: Stage
    code: str
    what: str
    why: str


@dataclass(slots=True)
class Findings:
    """What was found so far, in the order found. Long series of one kind are counted, not kept."""

    listed: list[Finding] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    counts: Counter[tuple[Stage, str]] = field(default_factory=Counter)
    faults: Counter[Stage] = field(default_factory=Counter)

    def fault(self, stage: Stage, check: str, place: str, expected: str, found: str) -> None:
        """Something is wrong."""
        self.faults[stage] += 1
        self._keep(Finding(stage, check, place, _short(expected), _short(found)))

    def notice(self, stage: Stage, check: str, place: str, expected: str, found: str) -> None:
        """Something is in order and worth knowing."""
        self._keep(Finding(stage, check, place, _short(expected), _short(found), "notice"))

    def left_out(self, stage: Stage, code: str, what: str, why: str) -> None:
        """Something was not looked at."""
        self.not_checked.append(NotChecked(stage, code, what, _short(why)))

    def unlisted(self) -> dict[str, int]:
        """For each check with more findings than are listed: how many more."""
        return {check: count - MOST_OF_ONE_KIND for (_, check), count in sorted(self.counts.items()) if count > MOST_OF_ONE_KIND}

    def absorb(self, other: "Findings") -> None:
        """What another found is found here, too."""
        self.listed += other.listed
        self.not_checked += other.not_checked
        self.counts += other.counts
        self.faults += other.faults

    def _keep(self, finding: Finding) -> None:
        kind = (finding.stage, finding.check)
        self.counts[kind] += 1
        if self.counts[kind] <= MOST_OF_ONE_KIND:
            self.listed.append(finding)


def _short(text: str) -> str:
    """The text as it can be shown anywhere: printable, and not endless."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[: LONGEST_QUOTE + 1])
    return shown if len(shown) <= LONGEST_QUOTE else shown[:LONGEST_QUOTE] + "…"
