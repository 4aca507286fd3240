"""In the browser as on the command line: who signs, who witnessed, and what the ledger log says of the log."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit.test_key_history import first_key, rotated, rotating
from tests.audit.test_ledger_extract import BREAKING, closed, sealed_by_ledger, vouchers_of
from tests.audit.test_vouching import PAPER, certified, certified_before_the_paper, policy, witnessed
from tests.browser.browsing import Verifier
from tests.browser.test_verdicts import same
from tests.moderated import debate
from tests.recorded import RecordedLog


def signed_by_the_retired_key() -> bytes:
    log = rotated()
    thief = [first_key(log)]
    return log.package(replace(log.vouchers(), note=log.checkpoint(signers=thief), signers=thief))


def grown_after_its_end() -> bytes:
    log = closed(debate())
    log.post("project.described", description={"en": "As if nothing had been."})
    return sealed_by_ledger(log)


def cosigned(of: Callable[[], RecordedLog], quorum: str | None) -> bytes:
    """The package of a log that the newspaper has witnessed, with a policy of this quorum in it."""
    log = of()
    return log.package(witnessed(log, PAPER, stated=None if quorum is None else policy(quorum=quorum)))


PACKAGES: dict[str, Callable[[], bytes]] = {
    "two keys": lambda: rotating().package(),
    "one key was retired": lambda: rotated().package(),
    "only the retired key signed": signed_by_the_retired_key,
    "the log has ended": lambda: sealed_by_ledger(closed(debate())),
    "signed by a log that has ended": lambda: closed(debate()).package(),
    "longer than at its end": grown_after_its_end,
    "witnessed": lambda: cosigned(certified, "paper"),
    "certified and not witnessed": lambda: cosigned(certified, "both"),
    "not witnessed": lambda: cosigned(debate, "both"),
    "nobody is asked": lambda: cosigned(certified, "none"),
    "says itself that it was witnessed": lambda: cosigned(certified_before_the_paper, None),
    "says so, and nobody is asked": lambda: cosigned(certified_before_the_paper, "none"),
    "says so, and so it is": lambda: cosigned(certified_before_the_paper, "paper"),
}
FAILED = {
    "only the retired key signed", "signed by a log that has ended", "longer than at its end", "certified and not witnessed",
    "says itself that it was witnessed", "says so, and nobody is asked",
}  # fmt: skip


@pytest.mark.parametrize("how", PACKAGES)
def test_keys_and_witnesses_are_judged_alike(verifier: Verifier, tmp_path: Path, how: str) -> None:
    assert same(verifier, tmp_path, PACKAGES[how]())["verdict"] == ("failed" if how in FAILED else "verified")


def test_entries_that_break_the_rules_of_the_ledger_log_are_found_alike(verifier: Verifier, tmp_path: Path) -> None:
    for how, breaking in BREAKING.items():
        log = debate()
        log.vouchers()
        data, envelope = breaking(log)
        log.ledger.append(data, admitted=False, **envelope)
        package = log.package(replace(vouchers_of(log), extract=log.ledger.holding(0, 1, 2, 3)))
        assert same(verifier, tmp_path, package)["verdict"] == "failed", how
