"""The ledger log says what is on disk, once, in time and not too often, whoever stops when."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.errors import CheckpointMissing, LogForked, LogNotOpened
from ledger.events.ledger_log import LEDGER_LOG, KeyAdded, LogCheckpointed, LogClosed, LogOpened
from ledger.sealing import digest_text
from ledger.store.ledger_turn import LedgerTurn
from ledger.store.projects import create_project
from ledger.tlog.tree import leaf_hash
from tests.posting import HOST, ballot, opening, organizer, vote_opened
from tests.store.stating import Stating


def test_a_ledger_has_its_log_and_the_logs_key_before_its_first_project(ledger_log: Stating) -> None:
    assert ledger_log.signer.round() == 1
    [told] = ledger_log.about(LEDGER_LOG)
    assert isinstance(told, LogOpened)
    assert (told.origin, told.first, told.opened_at) == (f"{HOST}/ledger", None, ledger_log.town.clock.time)
    assert told.vkey == str(ledger_log.town.keys.signer(LEDGER_LOG).vkey)
    assert ledger_log.check_signed() == 1
    assert ledger_log.signer.round() == 0


def test_a_project_is_told_of_at_once_and_with_its_first_checkpoint(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    assert ledger_log.signer.round() == 2, "the project, and the ledger log that says so"
    opened, stated = ledger_log.about("town")
    assert isinstance(opened, LogOpened) and isinstance(stated, LogCheckpointed)
    [first] = ledger_log.town.entries("town")
    assert (opened.origin, opened.first) == (f"{HOST}/p/town", digest_text(leaf_hash(first)))
    assert (opened.vkey, opened.continues) == (str(ledger_log.town.keys.signer("town").vkey), None)
    assert (stated.size, stated.root, stated.cause, stated.previous) == (1, digest_text(leaf_hash(first)), "grown", 1)
    assert ledger_log.check_signed() == 3


def test_a_log_that_grows_is_stated_once_a_minute(ledger_log: Stating) -> None:
    ledger_log.town.post("town", *vote_opened())
    ledger_log.signer.round()
    size = len(ledger_log.town.entries("town"))
    for number in range(1, 13):
        ledger_log.pass_seconds(9.999)
        ledger_log.town.post("town", ballot(f"voter {number}", 0))
        ledger_log.signer.round()
    assert ledger_log.told("town") == [
        ("log.opened",),
        ("log.checkpointed", size, "step_opened"),
        ("log.checkpointed", size + 7, "grown"),
    ], "59.994 seconds are too soon, 69.993 are not, and 119.988 are again"


def test_what_did_not_grow_is_not_stated_again(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    ledger_log.signer.round()
    for _ in range(3):
        ledger_log.pass_seconds(100)
        assert ledger_log.signer.round() == 0


def test_a_restart_does_not_make_it_be_stated_sooner(ledger_log: Stating) -> None:
    ledger_log.town.post("town", *vote_opened())
    ledger_log.signer.round()
    size = len(ledger_log.town.entries("town"))
    for number in range(4):
        ledger_log.town.post("town", ballot(f"voter {number}", 0))
        ledger_log.restart()
        ledger_log.signer.round()
    assert [told[1:] for told in ledger_log.told("town")] == [(), (size, "step_opened")]
    ledger_log.pass_seconds(60)
    ledger_log.restart()
    ledger_log.signer.round()
    assert ledger_log.told("town")[-1] == ("log.checkpointed", size + 4, "grown")


def test_a_step_that_opens_or_closes_is_stated_at_once(ledger_log: Stating) -> None:
    post, signed = ledger_log.town.post, ledger_log.signer
    post("town", opening())
    signed.round()
    post("town", organizer("step.planned", step="ideas", kind="collection", title={"fr": "Idées"}, accepts=["proposal"]))
    assert signed.round() == 1, "the plan of a step does not have to be stated at once"
    post("town", organizer("step.opened", step="ideas"))
    assert signed.round() == 2
    post("town", organizer("step.closed", step="ideas"))
    assert signed.round() == 2
    assert ledger_log.told("town")[1:] == [
        ("log.checkpointed", 1, "grown"),
        ("log.checkpointed", 3, "step_opened"),
        ("log.checkpointed", 4, "step_closed"),
    ]


def test_what_a_step_did_before_the_last_statement_is_no_reason_for_another(ledger_log: Stating) -> None:
    ledger_log.town.post("town", *vote_opened())
    ledger_log.signer.round()
    before = ledger_log.told("town")
    ledger_log.town.post("town", ballot("anne", 0), ballot("bob", 1))
    ledger_log.signer.round()
    ledger_log.restart()
    ledger_log.signer.round()
    assert ledger_log.told("town") == before


def test_what_is_not_signed_is_not_stated(ledger_log: Stating) -> None:
    ledger_log.town.post("town", *vote_opened())
    ledger_log.writer.round()
    assert ledger_log.told("town") == [("log.opened",)]
    with pytest.raises(CheckpointMissing):
        ledger_log.writer.note("town", "export")
    ledger_log.signer.sign_round()
    size = len(ledger_log.town.entries("town"))
    ledger_log.town.post("town", organizer("step.closed", step="vote"))
    ledger_log.writer.round()
    assert ledger_log.told("town")[1:] == [("log.checkpointed", size, "step_opened")], "the closing is committed, and not signed"


def test_a_crash_between_the_checkpoint_and_its_statement_is_made_up_for(ledger_log: Stating) -> None:
    ledger_log.town.post("town", *vote_opened())
    ledger_log.signer.sign_round()  # and here the process ends
    ledger_log.restart()
    assert ledger_log.signer.round() == 1, "the ledger log alone: the project is signed"
    size = len(ledger_log.town.entries("town"))
    assert ledger_log.told("town") == [("log.opened",), ("log.checkpointed", size, "step_opened")]
    assert ledger_log.check_signed() == 3


def test_a_turn_that_fails_leaves_nothing_and_is_not_remembered(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    ledger_log.signer.round()
    before = ledger_log.log().size()

    def unlawful(turn: LedgerTurn) -> None:
        state = turn.logs.of("town")
        turn.say(KeyAdded(project="town", origin=state.origin, previous=state.last_index, vkey="new"))
        turn.say(KeyAdded(project="nowhere", origin="nowhere", previous=0, vkey="new"))

    with pytest.raises(LogNotOpened):
        ledger_log.writer.append("town", unlawful)
    assert ledger_log.log().size() == before
    ledger_log.pass_seconds(60)
    ledger_log.town.post("town", *vote_opened()[1:])
    ledger_log.signer.round()
    assert [told[0] for told in ledger_log.told("town")] == ["log.opened", "log.checkpointed", "log.checkpointed"]


def test_of_several_processes_that_state_the_same_one_does(ledger_log: Stating) -> None:
    for number in range(5):
        ledger_log.town.post(f"town-{number}", *vote_opened())
    ledger_log.signer.sign_round()
    writers = [ledger_log.another() for _ in range(4)]

    def note(number: int) -> int:
        return writers[number].note(f"town-{number}", "export").size

    with ThreadPoolExecutor(8) as pool:
        rounds = [pool.submit(writer.round) for writer in writers]
        notes = [pool.submit(note, number) for number in range(4)]
        assert sum(call.result() for call in rounds) <= 11
        assert {call.result() for call in notes} == {len(ledger_log.town.entries("town-0"))}
    assert ledger_log.log().size() == 11, "the ledger log, and each project's opening and checkpoint"
    for number in range(5):
        assert [told[0] for told in ledger_log.told(f"town-{number}")] == ["log.opened", "log.checkpointed"]
    ledger_log.pass_seconds(60)
    assert sum(writer.round() for writer in writers) == 0


def test_projects_of_an_older_database_are_told_of_when_the_first_writer_comes(ledger_log: Stating) -> None:
    for ref in ("b", "a", "C"):
        ledger_log.town.post(ref, *vote_opened())
    ledger_log.signer.sign_round()
    assert ledger_log.writer.round() == 7
    assert [len(ledger_log.about(ref)) for ref in (LEDGER_LOG, "a", "b", "C")] == [1, 2, 2, 2]


def test_an_export_is_stated_however_soon_and_once(ledger_log: Stating) -> None:
    ledger_log.town.post("town", *vote_opened())
    ledger_log.signer.round()
    ledger_log.town.post("town", ballot("anne", 0))
    ledger_log.signer.round()
    size = len(ledger_log.town.entries("town"))
    stated = ledger_log.writer.note("town", "export")
    again = ledger_log.another().note("town", "export")
    assert (stated.size, again) == (size, stated)
    [(seq, _)] = list(ledger_log.log().entries(stated.index, stated.index + 1))
    found = ledger_log.events()[seq].data
    assert isinstance(found, LogCheckpointed)
    assert (found.project, found.size, found.cause) == ("town", size, "export")


def test_what_is_noted_is_found_where_it_stands_though_keys_changed_since(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    ledger_log.signer.round()
    before = ledger_log.writer.note("town", "export")

    def added(turn: LedgerTurn) -> None:
        state = turn.logs.of("town")
        turn.say(KeyAdded(project="town", origin=state.origin, previous=state.last_index, vkey="new"))

    assert ledger_log.writer.append("town", added) == 1
    assert ledger_log.writer.note("town", "export") == before
    assert ledger_log.another().note("town", "export") == before


def test_nothing_more_is_stated_of_a_log_that_has_ended(ledger_log: Stating) -> None:
    ledger_log.town.post("town", *vote_opened())
    ledger_log.signer.round()
    stated = ledger_log.writer.note("town", "export")

    def closed(turn: LedgerTurn) -> None:
        state = turn.logs.of("town")
        assert state.root is not None
        turn.say(
            LogClosed(
                project="town", origin=state.origin, previous=state.last_index, size=state.size, root=state.root, code="key-compromised"
            )
        )

    ledger_log.writer.append("town", closed)
    ledger_log.town.post("town", ballot("anne", 0), organizer("step.closed", step="vote"))
    ledger_log.pass_seconds(100)
    ledger_log.signer.round()
    end = ledger_log.another().note("town", "export")
    assert (end.size, end.index) == (stated.size, ledger_log.log().size() - 1)


def test_every_key_that_signs_is_told_of_with_the_opening(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    ledger_log.town.keys.add_signer("town")
    ledger_log.signer.round()
    opened, added, _ = ledger_log.about("town")
    assert isinstance(opened, LogOpened) and isinstance(added, KeyAdded)
    assert [added.vkey, opened.vkey] == [str(vkey) for vkey in ledger_log.town.keys.vkeys("town")]


def test_a_fork_is_not_stated(ledger_log: Stating) -> None:
    ledger_log.town.post("town", opening())
    ledger_log.signer.round()
    ledger_log.town.execute(
        "UPDATE checkpoints SET root = sha256('other') WHERE project_id = %s", ledger_log.town.project("town").project_id
    )
    with pytest.raises(LogForked):
        ledger_log.writer.note("town", "export")


def test_a_project_whose_key_is_gone_does_not_keep_the_others_waiting(ledger_log: Stating, caplog: pytest.LogCaptureFixture) -> None:
    with ledger_log.datastore.connection() as connection:
        assert create_project(connection, "keyless", f"{HOST}/p/keyless", ledger_log.town.clock.time)
    ledger_log.town.post("town", opening())
    with caplog.at_level(logging.ERROR):
        ledger_log.signer.round()
        ledger_log.signer.round()
    assert caplog.text.count("the ledger log says nothing of keyless") == 1
    assert len(ledger_log.told("town")) == 2
