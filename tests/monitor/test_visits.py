"""What a monitor finds in a ledger that lies, and what its evidence proves to somebody else."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ledger.audit.evidence import Evidence, judge, parse_evidence
from ledger.errors import LedgerUnreachable
from ledger.events.ledger_log import LEDGER_LOG, LogOpened
from ledger.monitor.ledger_visit import Visit
from ledger.monitor.memory import Memory
from ledger.monitor.project_visit import PATIENCE_SECONDS
from ledger.monitor.site import LedgerSite
from ledger.monitor.visit import new_evidence, visit
from ledger.tlog.vkey import parse_vkey
from tests.monitor.paper_ledger import AT, PaperLedger, digest, served
from tests.tlog.keys import KnownSigner


@dataclass
class Watched:
    ledger: PaperLedger
    url: str
    memory: Memory
    seconds: float = 1_772_000_000.0

    def look(self, later: float = 30.0) -> Visit:
        self.seconds += later
        with LedgerSite(self.url) as site:
            return visit(site, self.memory, AT, self.seconds)

    def kinds(self, later: float = 30.0) -> list[str]:
        return [evidence.kind for evidence in self.look(later).evidence]


@pytest.fixture
def watched() -> Iterator[Watched]:
    ledger = PaperLedger()
    ledger.open("budget").grow(5)
    ledger.state("budget")
    ledger.open("park", 2)
    ledger.state("park")
    with served(ledger) as url:
        yield Watched(ledger, url, Memory(url=url))


def proven(evidence: Evidence) -> bool:
    """Somebody else reads the file, and has the keys from the file's ledger, not from the file."""
    again = parse_evidence(evidence.encode())
    return judge(again, [parse_vkey(vkey) for vkey in evidence.vkeys]).verdict == "proven"


def test_an_honest_ledger_that_grows_is_followed_without_a_word(watched: Watched) -> None:
    assert watched.kinds() == []
    for _ in range(3):
        watched.ledger.projects["budget"].grow(400)
        watched.ledger.state("budget")
        watched.ledger.open(f"street-{len(watched.ledger.projects)}")
        assert watched.kinds() == []
    assert watched.memory.size == len(watched.ledger.ledger.entries)


def test_two_histories_of_the_ledger_log_of_one_size_are_proven(watched: Watched) -> None:
    watched.look()
    watched.ledger.ledger.entries[-1] = watched.ledger.ledger.entries[-1].replace(b'"grown"', b'"export"')
    [evidence] = watched.look().evidence
    assert (evidence.kind, proven(evidence)) == ("fork", True)


def test_a_ledger_log_that_was_rewritten_and_went_on_is_inconsistent(watched: Watched) -> None:
    watched.look()
    watched.ledger.ledger.entries[2] = watched.ledger.ledger.entries[2].replace(b'"grown"', b'"export"')
    watched.ledger.open("later")
    [evidence] = watched.look().evidence
    assert evidence.kind == "inconsistent"
    assert judge(evidence).verdict == "testimony"


def test_a_ledger_log_that_shrinks_is_told_with_both_checkpoints(watched: Watched) -> None:
    watched.look()
    del watched.ledger.ledger.entries[-1]
    [evidence] = watched.look().evidence
    assert (evidence.kind, len(evidence.notes)) == ("shrunk", 2)


def test_a_project_with_two_histories_of_one_size_is_proven(watched: Watched) -> None:
    watched.look()
    watched.ledger.projects["budget"].entries[3] = b"another"
    evidence = watched.look().evidence[0]
    assert (evidence.kind, proven(evidence)) == ("fork", True)


def test_a_project_that_never_showed_what_the_ledger_log_states_is_proven(watched: Watched) -> None:
    watched.ledger.projects["budget"].entries[3] = b"another"
    [evidence] = watched.look().evidence
    assert (evidence.kind, proven(evidence)) == ("fork", True)


def test_a_project_that_was_rewritten_and_went_on_is_inconsistent(watched: Watched) -> None:
    watched.look()
    watched.ledger.projects["budget"].entries[3] = b"another"
    watched.ledger.projects["budget"].grow(7)
    assert watched.kinds() == ["inconsistent"]


def test_a_project_that_shows_less_than_before_is_told(watched: Watched) -> None:
    watched.look()
    watched.ledger.projects["budget"].shown_size = 4
    assert watched.kinds() == ["shrunk"]


def test_a_project_that_vanishes_from_the_list_is_evidence_at_the_second_visit(watched: Watched) -> None:
    watched.look()
    watched.ledger.listed.remove("park")
    first = watched.look()
    assert (first.evidence, len(first.notices)) == ([], 1)
    assert watched.kinds() == ["hidden"]


def test_a_project_that_the_ledger_log_does_not_know_is_evidence_after_the_time_it_takes(watched: Watched) -> None:
    watched.look()
    twin = watched.ledger.open("twin")
    del watched.ledger.ledger.entries[-1]
    assert watched.kinds() == []
    [evidence] = watched.look(PATIENCE_SECONDS).evidence
    assert (evidence.kind, evidence.origin) == ("unlisted", twin.origin)


def test_a_project_that_grows_while_the_ledger_log_stands_still_is_stale(watched: Watched) -> None:
    watched.look()
    watched.ledger.projects["budget"].grow()
    assert watched.kinds() == []
    watched.ledger.projects["budget"].grow()
    assert watched.kinds(PATIENCE_SECONDS) == ["stale"]
    watched.ledger.state("budget")
    assert watched.kinds() == []


def test_a_ledger_log_that_keeps_up_is_never_stale(watched: Watched) -> None:
    for _ in range(20):
        watched.ledger.projects["budget"].grow()
        assert watched.kinds(60) == []
        watched.ledger.state("budget")
        watched.ledger.projects["budget"].grow()


@pytest.mark.parametrize("rule", ["twice", "smaller", "skipped", "after the end", "origin", "envelope", "key again"])
def test_an_entry_that_breaks_a_rule_is_proven_by_itself_or_with_the_one_before(watched: Watched, rule: str) -> None:
    watched.look()
    ledger = watched.ledger
    budget = ledger.projects["budget"]
    opened = LogOpened(project="budget", origin=budget.origin, first=digest("x"), opened_at=AT, vkey=str(budget.signers[0].vkey))
    match rule:
        case "twice":
            ledger.say(opened)
        case "smaller":
            ledger.state("budget", size=3)
        case "skipped":
            budget.grow()
            ledger.state("budget", previous=1)
        case "after the end":
            ledger.close("budget")
            budget.grow()
            ledger.state("budget")
        case "origin":
            ledger.say(opened.model_copy(update={"project": "other"}))
        case "envelope":
            ledger.say(opened.model_copy(update={"project": "other", "origin": "paper.test/p/other"}), via="somebody")
        case "key again":
            ledger.add_key("budget", 3)
            ledger.add_key("budget", 3)
    broken = [evidence for evidence in watched.look().evidence if evidence.kind == "rule-broken"]
    assert broken
    assert all(proven(evidence) for evidence in broken)


def test_a_log_that_goes_on_after_its_end_is_proven(watched: Watched) -> None:
    watched.ledger.close("budget")
    assert watched.kinds() == []
    watched.ledger.projects["budget"].grow()
    [evidence] = watched.look().evidence
    assert (evidence.kind, proven(evidence)) == ("beyond-end", True)


def test_a_key_that_the_ledger_log_announced_is_believed_and_a_retired_one_no_more(watched: Watched) -> None:
    watched.look()
    for project in ("budget", LEDGER_LOG):
        watched.ledger.add_key(project, 7)
    assert watched.kinds() == []
    for project in ("budget", LEDGER_LOG):
        watched.ledger.retire_key(project)
    # The ledger log's own checkpoint is signed by the key that an entry under the old one announced.
    assert watched.kinds() == []
    watched.ledger.projects["budget"].signers = [KnownSigner("paper.test/p/budget", 1)]
    watched.ledger.projects["budget"].grow()
    assert watched.kinds() == ["unsigned"]


def test_a_ledger_log_under_another_key_is_not_followed(watched: Watched) -> None:
    watched.look()
    watched.ledger.ledger.signers = [KnownSigner(watched.ledger.ledger.origin, 66)]
    assert watched.kinds() == ["unsigned"]


def test_a_fault_that_lasts_is_saved_once(watched: Watched) -> None:
    watched.look()
    watched.ledger.listed.remove("park")
    watched.look()
    assert [len(new_evidence(watched.look())) for _ in range(3)] == [1, 0, 0]


def test_silence_is_no_evidence() -> None:
    memory = Memory(url="http://127.0.0.1:9")
    with LedgerSite("http://127.0.0.1:9") as site, pytest.raises(LedgerUnreachable):
        visit(site, memory, AT, 0.0)
