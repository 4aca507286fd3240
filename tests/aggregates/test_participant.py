"""What a platform says of a participant: once in a step, and nothing follows from it."""

from ledger.errors import AlreadyDescribed, ParticipantMissing, StepUnknown
from ledger.events.participant import ParticipantDescribed
from tests.given import Post, digest, given, person, post
from tests.town import opened, planned


def described(name: str | None = "ana") -> Post:
    actor = None if name is None else person(name)
    return post(ParticipantDescribed, step="vote", sd=(digest("demographics"),)).posted(actor=actor)


def test_a_participant_is_described_once_in_a_step() -> None:
    past = given(opened(), planned())
    past.when(described()).then()
    given(opened(), planned(), described()).when(described()).refused(AlreadyDescribed, step="vote")
    given(opened(), planned(), described()).when(described("max")).then()


def test_a_description_is_of_somebody_in_a_planned_step() -> None:
    given(opened()).when(described()).refused(StepUnknown)
    given(opened(), planned()).when(described(None)).refused(ParticipantMissing)
