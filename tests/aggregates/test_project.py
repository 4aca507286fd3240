"""The project: opened once, with names and roles defined once, archived when its steps are closed."""

import pytest

from ledger.errors import (
    AlreadyContinued,
    CategoryUnknown,
    CheckpointUnfit,
    ContinuedTooLate,
    DistrictUnknown,
    FieldMissing,
    HolderUnclear,
    LastOrganizer,
    ProjectAlreadyOpen,
    ProjectArchived,
    ProjectNotOpen,
    RefTaken,
    RoleAlreadyGranted,
    RoleNotGrantable,
    RoleNotGranted,
    StepsNotClosed,
)
from ledger.events import project as facts
from ledger.tlog.lines import base64
from tests.given import PLATFORM, Post, given, person, post
from tests.town import closing, defined, granted, opened, opening, planned, prepared, voting

WORDS = {"fr": "Des mots"}
ARCHIVED = post(facts.ProjectArchived)


def revoked(role: str, **holder: str) -> Post:
    return post(facts.RoleRevoked, revoked=role, **holder)


def test_the_client_that_opens_the_project_is_its_first_organizer() -> None:
    project = given().when(opened()).then().now.project
    assert project.clients == {("organizer", PLATFORM)}


def test_a_project_opens_once() -> None:
    given(opened()).when(opened()).refused(ProjectAlreadyOpen)


def test_a_project_opens_as_the_first_entry_of_its_log() -> None:
    given().when(opened().posted(envelope={"seq": 3})).refused(ProjectAlreadyOpen)


def test_a_project_opens_with_the_digests_of_its_scope_keys() -> None:
    given().when(opened(scope_keys=None)).refused(FieldMissing, field="scope_keys")


LOG = "ledger.test/p/town"
OLD = "ledger.example/p/budget-2025"
CHECKPOINT = f"{OLD}\n7\n{base64(bytes(32))}\n"


def continued(**fields: str) -> Post:
    return post(facts.ProjectContinued, **{"origin": OLD, "checkpoint": CHECKPOINT, "code": "compromised", **fields})


def test_a_project_says_once_which_log_it_continues() -> None:
    project = given(opened(), *defined(), granted("guarantor", client=PLATFORM)).when(continued()).then().now.project
    assert project.continues == OLD
    given(opened(), continued()).when(continued(origin="other.example/p/x")).refused(AlreadyContinued, origin=OLD)


def test_a_project_says_what_it_continues_before_it_plans_anything() -> None:
    given(opened(), planned()).when(continued()).refused(ContinuedTooLate)


@pytest.mark.parametrize(
    ("checkpoint", "why"),
    [
        (CHECKPOINT[:-1], "a checkpoint is at least three lines, none of them empty"),
        (CHECKPOINT.replace("7", "07"), "the tree size is not a decimal number below 2^63 without leading zeros"),
        (CHECKPOINT.replace("=\n", "\n"), "the root hash is not the base64 of 32 bytes"),
        (f"{CHECKPOINT}extension\n", "extension lines are not read here"),
        (f"x{CHECKPOINT}", f"it is one of 'x{OLD}'"),
    ],
)
def test_what_is_continued_is_the_checkpoint_of_that_log(checkpoint: str, why: str) -> None:
    given(opened()).when(continued(checkpoint=checkpoint)).refused(CheckpointUnfit, origin=OLD, why=why)


def test_a_log_does_not_continue_itself() -> None:
    itself = continued(origin=LOG, checkpoint=CHECKPOINT.replace(OLD, LOG))
    given(opened()).when(itself).refused(CheckpointUnfit, origin=LOG, why="this is the log itself")


@pytest.mark.parametrize("first", [continued(), defined()[0], planned(), opening(), post(facts.ProjectArchived)])
def test_nothing_is_recorded_before_the_project_opens(first: Post) -> None:
    given().when(first).refused(ProjectNotOpen)


@pytest.mark.parametrize(
    "statement",
    [
        post(facts.ProjectDescribed, description=WORDS),
        post(facts.PledgeMade, negotiable=WORDS, will_be_done=WORDS, by="2027-01-01T00:00:00.000Z"),
        post(facts.CharterAdopted, digest="c" * 43),
        post(facts.EvaluationPublished, digest="e" * 43),
        post(facts.GuarantorStated),
    ],
)
def test_statements_are_recorded_as_often_as_they_are_made(statement: Post) -> None:
    given(opened(), granted("guarantor", client=PLATFORM), statement).when(statement).then()


@pytest.mark.parametrize("definition", defined())
def test_a_district_a_category_and_a_meeting_are_defined_once(definition: Post) -> None:
    given(opened(), definition).when(definition).refused(RefTaken, ref=definition.fields["ref"])


def test_an_envelope_is_defined_once() -> None:
    envelope = post(facts.EnvelopeDefined, ref="all", amount_minor=1)
    given(opened(), envelope).when(envelope).refused(RefTaken, kind="envelope", ref="all")


def test_an_envelope_names_a_district_and_a_category_that_are_defined() -> None:
    envelope = post(facts.EnvelopeDefined, ref="green-north", amount_minor=500, district="north", category="green")
    given(opened(), *defined()).when(envelope).then()
    given(opened()).when(envelope).refused(DistrictUnknown, district="north")
    given(opened(), defined()[0]).when(envelope).refused(CategoryUnknown, category="green")


def test_a_role_is_granted_to_a_client_or_to_a_person() -> None:
    past = given(opened()).when(granted("moderator", client="hotline")).then()
    project = past.when(granted("guarantor", holder=person("zoe"))).then().now.project
    assert project.holds("moderator", "hotline", None)
    assert project.holds("guarantor", "anything", person("zoe"))
    assert not project.holds("guarantor", "hotline", None)


def test_a_client_named_like_a_pseudonym_gets_nothing_of_that_person() -> None:
    project = given(opened(), granted("guarantor", holder=person("zoe"))).now.project
    assert not project.holds("guarantor", person("zoe"), None)


def test_a_role_is_granted_to_exactly_one_holder() -> None:
    given(opened()).when(granted("agent")).refused(HolderUnclear)
    given(opened()).when(granted("agent", client="hotline", holder=person("zoe"))).refused(HolderUnclear)


@pytest.mark.parametrize(
    "grant", [granted("participant", client="x"), granted("system", client="x"), granted("organizer", client="ledger")]
)
def test_what_everybody_is_and_what_only_the_ledger_is_cannot_be_granted(grant: Post) -> None:
    given(opened()).when(grant).refused(RoleNotGrantable, role=grant.fields["granted"])


def test_a_role_is_not_granted_twice() -> None:
    grant = granted("agent", client="hotline")
    given(opened(), grant).when(grant).refused(RoleAlreadyGranted, role="agent", holder="hotline")


def test_a_revoked_role_is_no_longer_held_and_can_be_granted_again() -> None:
    grant, revocation = granted("agent", client="hotline"), revoked("agent", client="hotline")
    past = given(opened(), grant).when(revocation).then()
    assert not past.now.project.holds("agent", "hotline", None)
    past.when(grant).then()


def test_a_role_that_is_not_held_cannot_be_revoked() -> None:
    given(opened()).when(revoked("agent", client="hotline")).refused(RoleNotGranted, role="agent", holder="hotline")
    given(opened()).when(revoked("agent")).refused(HolderUnclear)


def test_the_last_organizer_stays_until_there_is_another() -> None:
    resignation = revoked("organizer", client=PLATFORM)
    given(opened()).when(resignation).refused(LastOrganizer, holder=PLATFORM)
    given(opened(), granted("organizer", holder=person("zoe"))).when(resignation).then()


def test_a_project_without_steps_can_be_archived() -> None:
    given(opened()).when(ARCHIVED).then()


def test_a_project_is_archived_when_every_step_is_closed() -> None:
    given(*prepared()).when(ARCHIVED).refused(StepsNotClosed, steps=("vote",))
    given(*voting()).when(ARCHIVED).refused(StepsNotClosed, steps=("vote",))
    given(*voting(), closing()).when(ARCHIVED).then()


def test_a_step_that_takes_paper_is_closed_when_the_keying_is_too() -> None:
    given(*voting(takes_paper=True), closing()).when(ARCHIVED).refused(StepsNotClosed, steps=("vote",))


@pytest.mark.parametrize("late", [ARCHIVED, planned("more"), post(facts.ProjectDescribed, description=WORDS)])
def test_nothing_is_recorded_after_the_archiving(late: Post) -> None:
    given(opened(), ARCHIVED).when(late).refused(ProjectArchived)
