"""`ledger verify` as people and programs call it: exit codes, words in two languages, JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recorded import RecordedLog, town
from tests.tamper.tampering import changed
from tests.tlog.keys import KnownSigner
from tests.voiced import DIFFERENCES, voiced


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return town(voters=12)


@pytest.fixture(scope="module")
def package(log: RecordedLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return log.export(tmp_path_factory.mktemp("export") / "town.zip")


def ledger(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from ledger.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_a_good_package_with_its_key(package: Path, log: RecordedLog) -> None:
    done = ledger("verify", package, "--key", str(log.signer.vkey))
    assert done.returncode == 0
    assert done.stdout.startswith("Verified  town.zip")
    assert f"All {log.size()} entries" in done.stdout
    assert "unproven" not in done.stdout
    assert done.stderr == ""


def test_without_a_key_it_says_plainly_what_is_not_proven(package: Path) -> None:
    done = ledger("verify", package)
    assert done.returncode == 0
    assert "The key came with the package" in done.stdout
    assert "unproven origin" in " ".join(done.stdout.split())


def test_in_french(package: Path) -> None:
    done = ledger("verify", package, "--lang", "fr")
    assert done.returncode == 0
    assert done.stdout.startswith("Vérifié  town.zip")
    assert "Ce qui est prouvé" in done.stdout


def test_a_bad_package_exits_with_1_and_names_the_place(package: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.zip"
    spoilt.write_bytes(changed(package.read_bytes(), {"tables/turnout.csv": b"x\n"}))
    done = ledger("verify", spoilt)
    assert done.returncode == 1
    assert "Not verified" in done.stdout
    assert "tables/turnout.csv line 1" in done.stdout


def test_another_key_exits_with_1(package: Path, log: RecordedLog) -> None:
    done = ledger("verify", package, "--key", str(KnownSigner(log.origin, 5).vkey), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["check"] == "signature"


def test_json_is_all_that_stands_on_stdout(package: Path) -> None:
    done = ledger("verify", package, "--json", "--older", package)
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"], report["stages"]["older"]) == (0, "verified", "passed")


@pytest.mark.parametrize(
    "arguments", [["verify"], ["verify", "x.zip", "--key", "no key"], ["verify", "x.zip", "--lang", "de"], ["nothing"]]
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    done = ledger(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr


@pytest.mark.parametrize("content", [b"", b"not a zip", None])
def test_what_is_no_package_exits_with_3(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "strange.zip"
    if content is not None:
        path.write_bytes(content)
    done = ledger("verify", path)
    assert done.returncode == 3
    assert "Unreadable" in done.stdout
    assert "Traceback" not in done.stderr


def test_any_of_several_keys_or_the_key_of_the_ledger_log_is_enough(package: Path, log: RecordedLog) -> None:
    other, ledger_key = KnownSigner(log.origin, 5).vkey, log.ledger.signers[0].vkey
    for arguments in (["--key", str(other), "--key", str(log.signer.vkey)], ["--ledger-key", str(ledger_key)]):
        report = json.loads(ledger("verify", package, *arguments, "--json").stdout)
        assert (report["verdict"], report["key"], report["vkey"]) == ("verified", "given", str(log.signer.vkey))


def test_who_witnessed_is_told_or_that_nobody_did(package: Path, tmp_path: Path) -> None:
    said = " ".join(ledger("verify", package, "--lang", "en").stdout.split())
    assert "Who stands by it from outside • Witnessed by nobody" in said
    assert "Témoins : personne" in ledger("verify", package, "--lang", "fr").stdout
    (tmp_path / "policy").write_text(f"witness paper {KnownSigner('paper').cosign('', 0)[0]}\nquorum paper\n", encoding="utf-8")
    done = ledger("verify", package, "--policy", tmp_path / "policy", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["witnessed"]) == (1, {"policy": "given", "quorum_met": False, "by": []})
    assert "certified-unwitnessed" in [finding["check"] for finding in report["findings"]]


@pytest.mark.parametrize("option", ["--policy", "--tsa-root", "--ledger-key"])
def test_what_cannot_be_read_of_what_an_auditor_brings_is_wrong_usage(package: Path, tmp_path: Path, option: str) -> None:
    done = ledger("verify", package, option, tmp_path / "absent")
    assert (done.returncode, option in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_help_lists_the_verbs_without_loading_them() -> None:
    done = ledger("--help")
    assert done.returncode == 0
    assert "verify" in done.stdout


@pytest.fixture(scope="module")
def differing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return voiced().export(tmp_path_factory.mktemp("export") / "debate.zip")


def test_published_counts_that_differ_are_told_and_leave_the_exit_code_alone(differing: Path) -> None:
    done = ledger("verify", differing, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["published_differences"] == DIFFERENCES
    told = ledger("verify", differing, "--lang", "fr")
    assert told.returncode == 0
    assert "Comptages publiés qui ne sont pas ce que donnent les actes" in told.stdout
    assert "votes : publié 8, ici 6" in told.stdout


def test_under_strict_they_make_the_exit_code_1_with_words_and_the_verdict_stays(differing: Path) -> None:
    done = ledger("verify", differing, "--json", "--strict", "--lang", "en")
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "verified"
    assert "--strict makes that a failure" in done.stderr


def test_strict_changes_nothing_where_published_counts_follow(package: Path) -> None:
    done = ledger("verify", package, "--strict")
    assert (done.returncode, done.stderr) == (0, "")
