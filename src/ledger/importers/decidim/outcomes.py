"""What became of the contents: counts of votes, answers, withdrawals, what moderators hid, and what can only be reported."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ledger.importers.decidim.contents import PROJECT, PROPOSAL, Contents
from ledger.importers.decidim.sheets import Line, Sheet, is_true, listed
from ledger.importers.table import number_of
from ledger.importers.telling import STEP, TRASHED, present
from ledger.importers.told import Told

_ANSWERED: Final = {"accepted": "retained", "rejected": "rejected"}
_OPEN: Final = frozenset({"", "evaluating", "not_answered", "withdrawn"})
_OTHER: Final = "noted"
_VOTES: Final = ("votes", "supports", "confirmed_votes")
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_REPORTED: Final = {"Decidim::Proposals::Proposal": PROPOSAL, "Decidim::Budgets::Project": PROJECT}


class Outcomes:
    """See the module. `Contents` have to be told before anything here is asked for."""

    def __init__(self, contents: Contents, sheets: Iterable[Sheet]) -> None:
        self._contents, self._telling, self._words = contents, contents.telling, contents.words
        sheets = list(sheets)
        self._moderations = [line for sheet in sheets if sheet.kind == "moderations" for line in sheet.lines()]
        self._blocked = [line for sheet in sheets if sheet.kind == "moderated_users" for line in sheet.lines()]

    def motives(self) -> Iterator[Told]:
        """A motive for each set of reasons for which something was hidden, in the order in which they come first."""
        for motive in dict.fromkeys(_motive(line) for line in self._moderations if line.cell("hidden_at")):
            names = {TRASHED: "Hidden by moderators"}
            yield self._telling.organizer(
                "motive.defined/1", {"ref": motive, "name": {"en": names.get(motive, motive.replace("--", ", "))}}
            )

    def counts(self) -> Iterator[Told]:
        """Counts that nothing stands behind. An empty count of votes is one that the platform keeps to itself."""
        for target, line in self._contents.told.items():
            columns = [column for column in _VOTES if column in line.columns]
            counted = {"votes": line.cell(*_VOTES), "comments": line.cell("comments")}
            if columns and not counted["votes"]:
                self._telling.report.lose("votes-hidden", line.place, "the platform does not say how many votes there are")
            counts: dict[str, int] = {}
            for name, cell in counted.items():
                number = number_of(cell)
                if number is not None:
                    counts[name] = number
                elif cell:
                    self._telling.report.lose("count-unread", line.place, f"{cell[:40]!r} is no count of {name}")
            if counts:
                yield self._telling.counted(target, "counts_only", counts, line.place)

    def answers(self) -> Iterator[Told]:
        """An answer for each proposal that has one. What is still evaluated has none yet, and its words are reported."""
        for target, line in self._proposals():
            state = line.cell("state").lower()
            body = self._words.body(line, "answer")
            if state in _OPEN:
                if body is not None:
                    self._telling.report.lose(
                        "answer-not-final", line.place, f"words of an answer, and the state {state or 'without a name'}"
                    )
                continue
            data = {"ref": target.removeprefix("contribution/"), "step": STEP, "code": _ANSWERED.get(state, _OTHER)}
            if state not in _ANSWERED:
                self._telling.report.note("state-noted", line.place, f"the state {state[:40]!r} is told as noted")
            told = self._telling.organizer("contribution.answered/1", data | present(body=body), line.place)
            answered_at = self._words.moment(line, "answered_at", "state_published_at")
            if answered_at is not None:
                told.document["claimed_at"] = answered_at
            yield told

    def withdrawals(self) -> Iterator[Told]:
        """What its author took back."""
        for target, line in self._proposals():
            if is_true(line.cell("withdrawn")) or line.cell("withdrawn_at") or line.cell("state") == "withdrawn":
                data = {"ref": target.removeprefix("contribution/"), "step": STEP, "code": "withdrawn_on_platform"}
                claimed = self._words.moment(line, "withdrawn_at")
                yield self._telling.person("contribution.withdrawn/1", data, line.place, self._contents.author(line), claimed)

    def decisions(self) -> Iterator[Told]:
        """What moderators hid. How often something was reported is a number without reports, and is reported itself."""
        report = self._telling.report
        for line in self._moderations:
            kind, reports = line.cell("reportable_type"), number_of(line.cell("report_count"))
            if reports:
                words = f"{kind} {line.cell('reportable_id')} was reported {reports} times; who reported it is not in the file"
                report.lose("reports-counted", line.place, words, reports)
            target = self._contents.targets.get(f"{_REPORTED.get(kind)}-{line.cell('reportable_id')}")
            if target is None:
                report.lose("target-not-imported", line.place, f"moderation of {kind} {line.cell('reportable_id')}, which was not imported")
            elif line.cell("hidden_at"):
                told = self._telling.organizer("content.hidden/1", {"target": target, "motive": _motive(line)}, line.place)
                hidden_at = self._words.moment(line, "hidden_at")
                if hidden_at is not None:
                    told.document["claimed_at"] = hidden_at
                yield told

    def note_blocked(self) -> None:
        """Reports who was blocked: a suspension of the ledger has an end, and these have none."""
        for line in self._blocked:
            words = f"user {line.cell('user_id')} was blocked without an end, and a suspension has one"
            self._telling.report.lose("block-without-end", line.place, words)

    def note_people(self) -> None:
        """Reports authors and meetings of proposals that cannot be told."""
        for line in (*self._contents.proposals, *self._contents.amendments):
            authors, meetings = listed(line.cell("author/id")), listed(line.cell("meeting_urls"))
            if len(authors) > 1:
                words = f"{len(authors)} people wrote it together; it is told of a group"
                self._telling.report.lose("coauthors-left-out", line.place, words, len(authors))
            if meetings or is_true(line.cell("created_in_meeting")):
                words = f"came out of a meeting of which the file has neither time nor attendance: {', '.join(meetings)[:200]}"
                self._telling.report.lose("meeting-left-out", line.place, words, max(1, len(meetings)))

    def _proposals(self) -> Iterator[tuple[str, Line]]:
        for name, target in self._contents.targets.items():
            if name.startswith(f"{PROPOSAL}-"):
                yield target, self._contents.told[target]


def _motive(line: Line) -> str:
    """The reasons of its reports, each once; that of the trash where there is none, or none that can be a code."""
    motive = "--".join(sorted(set(listed(line.cell("reports/reasons").lower()))))
    return motive if _CODE.fullmatch(motive) else TRASHED
