"""However projects grow, whoever stops when: the ledger log replays by the rules of monitors, says only what is so, and not too often."""

from datetime import datetime, timedelta
from itertools import count, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.events.ledger_log import LogCheckpointed, LogOpened
from ledger.sealing import digest_text
from ledger.tlog.tree import leaf_hash, tree_root
from tests.posting import opening, organizer
from tests.store.stating import Stating, stating

PROJECTS = ("town", "city")
HAPPENINGS = st.one_of(
    st.tuples(st.just("grow"), st.sampled_from(PROJECTS), st.integers(1, 3)),
    st.tuples(st.just("step"), st.sampled_from(PROJECTS), st.just(0)),
    st.tuples(st.just("sign"), st.just(""), st.just(0)),
    st.tuples(st.just("round"), st.just(""), st.just(0)),
    st.tuples(st.just("note"), st.sampled_from(PROJECTS), st.just(0)),
    st.tuples(st.just("restart"), st.just(""), st.just(0)),
    st.tuples(st.just("pass"), st.just(""), st.sampled_from((1, 30, 59, 60))),
)


class Life:
    """A ledger to which these things happen."""

    def __init__(self, ledger_log: Stating) -> None:
        self.ledger_log = ledger_log
        self.numbers = count()
        self.open_steps: dict[str, str] = {}
        self.signed: set[str] = set()
        self.there: set[str] = set()

    def happen(self, kind: str, ref: str, number: int) -> None:
        town, ledger_log = self.ledger_log.town, self.ledger_log
        if kind in {"grow", "step"} and ref not in self.there:
            town.post(ref, opening())
            self.there.add(ref)
        match kind:
            case "grow":
                for _ in range(number):
                    town.post(ref, self.planned(f"s{next(self.numbers)}"))
            case "step" if ref in self.open_steps:
                town.post(ref, organizer("step.closed", step=self.open_steps.pop(ref)))
            case "step":
                step = self.open_steps[ref] = f"s{next(self.numbers)}"
                town.post(ref, self.planned(step), organizer("step.opened", step=step))
            case "sign":
                ledger_log.signer.sign_round()
                self.signed |= self.there
            case "round":
                ledger_log.signer.round()
                self.signed |= self.there
            case "note" if ref in self.signed:
                ledger_log.another().note(ref, "export")
            case "restart":
                ledger_log.restart()
            case "pass":
                ledger_log.pass_seconds(number)

    @staticmethod
    def planned(step: str) -> dict[str, object]:
        return organizer("step.planned", step=step, kind="collection", title={"fr": step}, accepts=["proposal"])

    def check(self) -> None:
        """What is said is lawful, in order and so; what was due by now is said."""
        events = self.ledger_log.events()
        for ref in self.there:
            leaves = [leaf_hash(entry) for entry in self.ledger_log.town.entries(ref)]
            about = [event for event in events if event.stream == f"log/{ref}"]
            stated = [event for event in about if isinstance(event.data, LogCheckpointed)]
            opened = about[0].data
            assert isinstance(opened, LogOpened) and opened.first == digest_text(leaves[0])
            for event in stated:
                assert isinstance(event.data, LogCheckpointed)
                assert event.data.root == digest_text(tree_root(leaves[: event.data.size]))
            for before, after in pairwise(stated):
                assert isinstance(after.data, LogCheckpointed)
                apart = datetime.fromisoformat(after.at) - datetime.fromisoformat(before.at)
                assert after.data.cause != "grown" or apart >= timedelta(seconds=60)
            assert isinstance(stated[-1].data, LogCheckpointed)
            assert stated[-1].data.size == len(leaves)
        assert self.ledger_log.check_signed() == len(events)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=st.lists(HAPPENINGS, min_size=1, max_size=30))
def test_the_ledger_log_is_lawful_and_complete_whatever_happens(database: str, happenings: list[tuple[str, str, int]]) -> None:
    with stating(database) as ledger_log:
        for table in ("projects", "heads", "events", "checkpoints", "subtrees", "leases"):
            ledger_log.town.execute(f"TRUNCATE {table}")
        life = Life(ledger_log)
        for happening in happenings:
            life.happen(*happening)
        ledger_log.pass_seconds(60)
        ledger_log.signer.round()
        life.check()
        before = ledger_log.log().size()
        ledger_log.restart()
        ledger_log.pass_seconds(1000)
        assert ledger_log.signer.round() == 0
        assert ledger_log.log().size() == before
