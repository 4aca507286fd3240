"""Who may post what: one table of roles, and how a role is held."""

from typing import get_args

import pytest

from ledger.aggregates import LEDGER, PERMITTED
from ledger.errors import MandateMissing, NotPermitted, RoleNotHeld, StreamDiffers, VersionDiffers
from ledger.events import EVENTS
from ledger.events.envelope import Role
from ledger.events.project import GuarantorStated, ProjectDescribed
from tests.given import given, person, post
from tests.town import closing, granted, opened, planned, vote, voting

DESCRIBED = post(ProjectDescribed, description={"fr": "Des mots"})


def test_the_table_has_a_row_for_every_event_and_no_role_is_left_without_a_use() -> None:
    assert set(PERMITTED) == {wire_type for event in EVENTS for wire_type in event.wire_types()}
    assert frozenset().union(*PERMITTED.values()) == set(get_args(Role))


@pytest.mark.parametrize("role", sorted(set(get_args(Role)) - {"organizer"}))
def test_only_an_organizer_plans_steps(role: str) -> None:
    given(opened()).when(planned().posted(role=role)).refused(NotPermitted, role=role, event_type="step.planned/1")


def test_no_organizer_votes() -> None:
    given(*voting()).when(vote().posted(role="organizer")).refused(NotPermitted, role="organizer")


def test_a_client_acts_in_the_roles_it_was_granted_only() -> None:
    foreign = DESCRIBED.posted(via="stranger")
    given(opened()).when(foreign).refused(RoleNotHeld, role="organizer", client="stranger")
    given(opened(), granted("organizer", client="stranger")).when(foreign).then()


def test_a_person_acts_in_the_roles_they_were_granted_through_any_client() -> None:
    statement = post(GuarantorStated).posted(via="stranger", actor=person("zoe"))
    given(opened()).when(statement).refused(RoleNotHeld, role="guarantor", client="stranger")
    given(opened(), granted("guarantor", holder=person("zoe"))).when(statement).then()


def test_being_represented_by_somebody_lends_them_no_role() -> None:
    past = (opened(), granted("guarantor", holder=person("zoe")))
    statement = post(GuarantorStated).posted(via="stranger", actor=person("zoe"), by=person("max"))
    given(*past).when(statement).refused(RoleNotHeld, role="guarantor")
    given(*past).when(statement.posted(actor=person("max"), by=person("zoe"))).then()


def test_any_client_posts_for_participants() -> None:
    given(*voting()).when(vote().posted(via="stranger")).then()


def test_a_participant_who_acts_for_another_names_the_mandate() -> None:
    proxy = vote("ana").posted(by=person("max"))
    given(*voting()).when(proxy).refused(MandateMissing)
    given(*voting()).when(proxy.posted(mandate_ref="m-1")).then()


def test_only_the_ledger_itself_is_the_system_and_it_is_nothing_else() -> None:
    past = given(*voting(closes_at="2026-03-02T00:00:00.000Z"))
    due = closing().posted(role="system", at="2026-03-02T00:00:00.000Z")
    past.when(due).refused(RoleNotHeld, role="system")
    past.when(due.posted(via=LEDGER, role="organizer")).refused(RoleNotHeld, role="organizer", client=LEDGER)
    past.when(vote().posted(via=LEDGER)).refused(RoleNotHeld, role="participant", client=LEDGER)
    past.when(due.posted(via=LEDGER)).then()


@pytest.mark.parametrize("otherwise", [{"role": "agent"}, {"role": "system", "via": LEDGER}, {"via": LEDGER}])
def test_a_project_is_opened_by_a_client_as_organizer(otherwise: dict[str, str]) -> None:
    given().when(opened().posted(**otherwise)).refused(NotPermitted)


def test_an_event_stands_in_the_stream_that_its_fields_name() -> None:
    elsewhere = planned().posted(envelope={"stream": "step/other"})
    given(opened()).when(elsewhere).refused(StreamDiffers, expected="step/vote", found="step/other")
    nowhere = planned().posted(envelope={"stream": "nothing/vote"})
    given(opened()).when(nowhere).refused(StreamDiffers, expected="step/vote", found="nothing/vote")
    of_another = vote("ana").posted(envelope={"stream": f"ballot/vote/{person('max')}"})
    given(*voting()).when(of_another).refused(StreamDiffers)


@pytest.mark.parametrize("version", [0, 1, 3])
def test_an_event_is_the_next_of_its_stream(version: int) -> None:
    late = DESCRIBED.posted(envelope={"version": version})
    given(opened()).when(late).refused(VersionDiffers, stream="project", expected=2, found=version)


def test_the_first_event_of_a_stream_has_version_1() -> None:
    given(*voting()).when(vote().posted(envelope={"version": 2})).refused(VersionDiffers, expected=1, found=2)
    given(opened()).when(planned().posted(envelope={"version": 0})).refused(VersionDiffers, expected=1, found=0)
