"""Conversations held with Polis, as the submissions that tell them. See `Consultation` for their order.

Each conversation is a step, so that nobody's pseudonym of one is theirs in another: the platform numbers people anew in each.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from ledger.importers.folder import Folder
from ledger.importers.polis.counts import counted_both_ways
from ledger.importers.polis.reading import COMMENTS, GROUPS, MODERATED_OUT, SUMMARY, VOTES, Comment, Conversations, Vote
from ledger.importers.telling import STEP, Telling, present
from ledger.importers.times import instant
from ledger.importers.told import Told
from ledger.rules.scales import StanceValue

MODERATED: Final = "polis_moderated_out"
CLUSTERING: Final = "polis"
_METHOD: Final = "polis_export"
_LISTED: Final = 250
"""Members in one event, at most."""
_MILLISECONDS_OF_AN_HOUR: Final = 3_600_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Polis:
    """See `Consultation`."""

    def __init__(self, conversations: Conversations, folder: Folder, telling: Telling) -> None:
        self.telling, self._listing, self._found = telling, folder.listing, conversations
        self._steps = self._named_steps()
        self._targets = {(one.conversation, one.comment): f"contribution/{self._ref(one)}" for one in conversations.comments}
        self._votes = list(self._mapped_votes())
        self._count()

    def first(self) -> Told:
        """See `Consultation.first`."""
        return self.telling.project(self._title())

    def opening(self) -> list[Told]:
        """See `Consultation.opening`."""
        telling, description = self.telling, self.telling.title(self._found.summary.get("conversation-description"), SUMMARY)
        moderated = any(comment.moderated == MODERATED_OUT for comment in self._found.comments)
        return [
            telling.started(self._listing),
            *([telling.organizer("project.described/1", {"description": description}, SUMMARY)] if description else []),
            *([telling.organizer("motive.defined/1", {"ref": MODERATED, "name": {"en": "Moderated out in Polis"}})] if moderated else []),
            *(told for conversation, step in self._steps.items() for told in self._planned(conversation, step)),
        ]

    def acts(self) -> Iterator[Iterable[Told]]:
        """See `Consultation.acts`. Decisions come last: the platform took votes before it moderated, and does not say when it did."""
        yield self._contents()
        yield self._stances()
        yield self._published()
        yield self._decisions()

    def closing(self) -> list[Told]:
        """See `Consultation.closing`. The groups are complete, or not there at all."""
        return [*self._groups(), *(self.telling.organizer("step.closed/1", {"step": step}) for step in self._steps.values())]

    def _title(self) -> str:
        return self._found.summary.get("topic", "").strip() or self._found.name

    def _named_steps(self) -> dict[str, str]:
        """Conversation → its step; of several, each is named by its number."""
        numbers = sorted({comment.conversation for comment in self._found.comments}, key=lambda number: (len(number), number))
        return {number: STEP if len(numbers) == 1 else f"conversation-{number}" for number in numbers}

    def _planned(self, conversation: str, step: str) -> Iterator[Told]:
        telling = self.telling
        title = telling.title(self._title() if step == STEP else f"{self._title()} · {conversation}", COMMENTS)
        data = {"step": step, "kind": "consultation", "title": title, "accepts": ["opinion"]}
        yield telling.organizer("step.planned/1", data)
        yield telling.organizer("step.stances_set/1", {"step": step, "scales": {"opinion": "agree_pass_disagree"}})
        yield telling.organizer("step.opened/1", {"step": step})

    def _ref(self, comment: Comment) -> str:
        several = len(self._steps) > 1
        return f"comment-{comment.conversation}-{comment.comment}" if several else f"comment-{comment.comment}"

    def _contents(self) -> Iterator[Told]:
        telling = self.telling
        for comment in sorted(self._found.comments, key=lambda comment: (comment.at, comment.line)):
            place = f"{COMMENTS}:{comment.line}"
            data: dict[str, Any] = {"ref": self._ref(comment), "step": self._steps[comment.conversation], "kind": "opinion"}
            data |= {"external_ref": comment.comment}
            data |= present(body=telling.body(comment.body, place), fields=telling.fields(comment.fields, place))
            if "body" not in data:
                telling.report.note("comment-without-words", place, f"comment {comment.comment} is empty")
            claimed = instant(_EPOCH + timedelta(milliseconds=comment.at))
            yield telling.person("contribution.submitted/2", data, place, _person(comment.conversation, comment.author), claimed)

    def _mapped_votes(self) -> Iterator[Vote]:
        """The votes on comments that are there, in the order of their times."""
        for vote in self._found.votes:
            if (vote.conversation, vote.comment) in self._targets:
                yield vote
            else:
                words = f"vote on comment {vote.comment}{' of ' if vote.conversation else ''}{vote.conversation}, which did not come in"
                self.telling.report.lose("target-not-imported", f"{VOTES}:{vote.line}", words)

    def _stances(self) -> Iterator[Told]:
        """A stance for each vote: the first of a person on a comment is cast, every later one changes it, also to the same value."""
        telling, taken = self.telling, dict[tuple[str, str], tuple[int, StanceValue]]()
        for vote in self._votes:
            target, person = self._targets[vote.conversation, vote.comment], _person(vote.conversation, vote.voter)
            place, before = f"{VOTES}:{vote.line}", taken.get((target, person))
            if before is not None and before[0] == vote.at and before[1] != vote.value:
                words = "another vote of the person has the very same time; the order of the file is kept"
                telling.report.note("vote-order-unknown", place, words)
            taken[target, person] = (vote.at, vote.value)
            data = {"step": self._steps[vote.conversation], "target": target, "target_version": 1, "value": vote.value}
            kind = "stance.cast/1" if before is None else "stance.changed/1"
            yield telling.person(kind, data, place, person, _hour(vote.at // _MILLISECONDS_OF_AN_HOUR))

    def _published(self) -> Iterator[Told]:
        """The counts that the export states of each comment."""
        for comment in self._found.comments:
            if comment.agrees is not None and comment.disagrees is not None:
                counts = {"agree": comment.agrees, "disagree": comment.disagrees}
                target = self._targets[comment.conversation, comment.comment]
                yield self.telling.counted(target, "published", counts, f"{COMMENTS}:{comment.line}")

    def _decisions(self) -> Iterator[Told]:
        """What the platform's moderators took out was shown to nobody; the votes on it are in the counts that it publishes."""
        for comment in self._found.comments:
            if comment.moderated == MODERATED_OUT:
                data = {"target": self._targets[comment.conversation, comment.comment], "motive": MODERATED, "stances": "counted"}
                yield self.telling.organizer("content.hidden/1", data, f"{COMMENTS}:{comment.line}")

    def _groups(self) -> Iterator[Told]:
        """The groups of the export, of which nobody knows to which of several conversations they would belong."""
        if not self._found.groups:
            return
        if len(self._steps) > 1:
            members = sum(map(len, self._found.groups.values()))
            words = f"{members} participants of groups, and several conversations"
            self.telling.report.lose("group-of-unknown-conversation", GROUPS, words, members)
            return
        [(conversation, step)] = self._steps.items()
        around = {"step": step, "ref": CLUSTERING}
        for group, people in self._found.groups.items():
            for first in range(0, len(people), _LISTED):
                listed = [_person(conversation, one) for one in people[first : first + _LISTED]]
                yield self.telling.organizer("clusters.listed/1", {**around, "group": group, "participants": listed}, GROUPS)
        yield self.telling.organizer("clusters.sealed/1", {**around, "method": _METHOD}, GROUPS)

    def _count(self) -> None:
        """Tells the report the counts of each conversation, both ways."""
        for conversation, step in self._steps.items():
            comments = (comment for comment in self._found.comments if comment.conversation == conversation)
            votes = (vote for vote in self._votes if vote.conversation == conversation)
            self.telling.report.vote_counts.append(counted_both_ways(step, comments, votes))


def _person(conversation: str, number: str) -> str:
    """Who a number of a conversation is, on the platform: another conversation's number is somebody else."""
    return f"{conversation}/{number}" if conversation else number


@cache
def _hour(hours: int) -> str:
    """The beginning of the hour, as a stance claims it."""
    return instant(_EPOCH + timedelta(hours=hours))
