"""What one person checks by themselves: `ledger check-receipt` and `ledger my-ballot`, as people and programs call them."""

import json
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.sealing import participant_key
from ledger.tlog.note import sign_note
from ledger.tlog.receipt import Receipt, Refusal
from ledger.tlog.tree import leaf_hash, tree_root
from tests.recorded import RecordedLog, _secret, town
from tests.test_architecture import BASE_INSTALL, SERVER_PACKAGES
from tests.tlog.keys import KnownSigner

NOON = 1_772_366_400
MAIN = "from ledger.cli import main; main()"


@pytest.fixture(scope="module")
def log() -> RecordedLog:
    return town(voters=12)


@pytest.fixture(scope="module")
def package(log: RecordedLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return log.export(tmp_path_factory.mktemp("export") / "town.zip")


def ledger(*arguments: str | Path, typed: str = "", program: str = MAIN) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False, encoding="utf-8")


def signed(log: RecordedLog, text: str) -> str:
    return sign_note(text, [log.signer]).encode().decode()


def receipt(log: RecordedLog, first: int, last: int, leaves: list[bytes]) -> str:
    return signed(log, Receipt(log.origin, first, last, tree_root(leaves), NOON).text)


@pytest.fixture
def kept(log: RecordedLog, tmp_path: Path) -> Path:
    path = tmp_path / "receipt.txt"
    path.write_text(receipt(log, 2, 4, [leaf_hash(entry) for entry in log.stored[2:5]]))
    return path


def test_a_receipt_that_was_kept_exits_with_0(package: Path, log: RecordedLog, kept: Path) -> None:
    done = ledger("check-receipt", kept, "--export", package, "--key", str(log.signer.vkey))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("In order  receipt.txt")
    assert "entries 2 to 4 are in the log" in done.stdout
    assert "key came with the package" not in done.stdout


def test_it_speaks_french_and_says_whose_key_it_took(package: Path, kept: Path) -> None:
    done = ledger("check-receipt", kept, "--export", package, "--lang", "fr")
    assert done.returncode == 0
    assert "Le récépissé a été honoré" in done.stdout
    assert "La clé est venue avec le paquet" in done.stdout


def test_a_rewritten_history_exits_with_1_and_says_what_the_proof_is(package: Path, log: RecordedLog, tmp_path: Path) -> None:
    path = tmp_path / "receipt.txt"
    path.write_text(receipt(log, 2, 4, [b"\1" * 32] * 3))
    done = ledger("check-receipt", path, "--export", package, "--lang", "en")
    assert done.returncode == 1
    assert "HISTORY REWRITTEN" in done.stdout and "this file and the package: together they are the proof" in done.stdout


def test_what_is_withheld_exits_with_1_once_it_is_due(package: Path, log: RecordedLog, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    size = log.size()
    note = signed(log, Receipt(log.origin, size, size, tree_root([b"\1" * 32]), 2_000_000_000).text)
    events = [{"seq": size, "stream": "ballot/vote/x", "version": 1, "type": "ballot.cast/1", "leaf_hash": b64encode(b"\1" * 32).decode()}]
    path.write_text(json.dumps({"project": "town-2026", "receipt": note, "events": events}))
    early = ledger("check-receipt", path, "--export", package, "--json")
    assert (early.returncode, json.loads(early.stdout)["checked"][0]["status"]) == (0, "not_due")
    late = ledger("check-receipt", path, "--export", package, "--json", "--downloaded", "2033-05-19T03:33:21Z")
    assert (late.returncode, json.loads(late.stdout)["checked"][0]["status"]) == (1, "withheld")


def test_a_refusal_says_what_for_and_is_compared_with_what_was_posted(package: Path, log: RecordedLog, tmp_path: Path) -> None:
    path, body = tmp_path / "problem.json", tmp_path / "body.json"
    body.write_bytes(b"what was posted")
    note = signed(log, Refusal(log.origin, "already-voted", sha256(b"what was posted").digest(), NOON).text)
    path.write_text(json.dumps({"type": "…", "status": 409, "code": "already-voted", "refusal": note}))
    done = ledger("check-receipt", path, "--export", package, "--body", body, "--lang", "en")
    assert done.returncode == 0
    assert "at 2026-03-01T12:00:00Z the ledger refused this request with the code already-voted" in done.stdout
    assert "The file that you gave is what was posted." in done.stdout


def test_what_another_key_signed_exits_with_1(package: Path, log: RecordedLog, kept: Path) -> None:
    done = ledger("check-receipt", kept, "--export", package, "--key", str(KnownSigner(log.origin, 5).vkey), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["checked"][0]["status"] == "other_key"


@pytest.mark.parametrize("arguments", [[], ["--downloaded", "yesterday"], ["--key", "no key"], ["--lang", "de"]])
def test_wrong_usage_of_check_receipt_exits_with_2(package: Path, kept: Path, arguments: list[str]) -> None:
    export: list[str | Path] = ["--export", package] if arguments else []
    done = ledger("check-receipt", kept, *export, *arguments)
    assert done.returncode == 2
    assert done.stderr and "Traceback" not in done.stderr


def test_what_cannot_be_read_exits_with_3(package: Path, kept: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    (tmp_path / "words.txt").write_text("words\n")
    for file, export in ((nothing, package), (tmp_path / "words.txt", package), (kept, nothing), (kept, kept)):
        done = ledger("check-receipt", file, "--export", export)
        assert done.returncode == 3
        assert "Traceback" not in done.stderr


def k_of(who: str) -> str:
    return urlsafe_b64encode(participant_key(_secret("step/vote"), "town", who)).rstrip(b"=").decode()


def test_one_s_own_ballot_is_found_with_a_k_on_standard_input(package: Path, log: RecordedLog) -> None:
    done = ledger("my-ballot", package, "--step", "vote", "--key", str(log.signer.vkey), "--lang", "en", typed=f"{k_of('voter 7')}\n")
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert told[0] == "Your ballot is counted."
    assert "replaced later" in done.stdout
    assert k_of("voter 7") not in done.stdout


def test_a_name_that_nobody_used_is_told_in_french_as_json_too(package: Path) -> None:
    done = ledger("my-ballot", package, "--step", "vote", "--lang", "fr", typed=k_of("nobody"))
    assert done.returncode == 0
    assert done.stdout.startswith("Personne n'a voté sous votre nom dans cette étape.")
    done = ledger("my-ballot", package, "--step", "vote", "--json", typed=k_of("nobody"))
    assert json.loads(done.stdout)["ballot"]["status"] == "nobody_used_this_name"


@pytest.mark.parametrize(("step", "typed"), [("vote", ""), ("vote", "short\n"), ("nowhere", k_of("voter 7"))])
def test_a_k_that_is_none_and_a_step_that_is_none_exit_with_2(package: Path, step: str, typed: str) -> None:
    done = ledger("my-ballot", package, "--step", step, typed=typed)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not typed.strip() or typed.strip() not in done.stderr


def test_a_file_that_is_no_package_exits_with_3(kept: Path) -> None:
    done = ledger("my-ballot", kept, "--step", "vote", typed=k_of("voter 7"))
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_there_is_no_option_for_a_k(package: Path) -> None:
    done = ledger("my-ballot", package, "--step", "vote", "--k", k_of("voter 7"))
    assert done.returncode == 2


def test_both_verbs_run_where_only_the_base_install_is(package: Path, kept: Path) -> None:
    program = BASE_INSTALL.format(absent=SERVER_PACKAGES) + MAIN
    assert ledger("check-receipt", kept, "--export", package, program=program).returncode == 0
    assert ledger("my-ballot", package, "--step", "vote", typed=k_of("voter 7"), program=program).returncode == 0
