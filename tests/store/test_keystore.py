"""The files of the key store: who may read them, what they hold, and that names lead nowhere else."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InvalidField, KeyFileDamaged, KeyFileExposed, LedgerError
from ledger.ids import REF_PATTERN
from ledger.store.keystore import FileKeyStore

ORIGIN = "ledger.example/p/budget"


def test_only_the_owner_can_read_a_key_or_list_their_names(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path / "data" / "keys")
    keys.make_scope_key("budget", "author")
    keys.make_signer("budget", ORIGIN)
    made = sorted((tmp_path / "data").rglob("*"))
    assert [path.name for path in made] == ["keys", "project.budget", "author", "signing"]
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in made if path.is_dir()} == {0o700}


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path)
    keys.make_scope_key("budget", "author")
    file = tmp_path / "project.budget" / "author"
    file.chmod(0o640)
    for use in (keys.scope_key, keys.make_scope_key):
        with pytest.raises(KeyFileExposed) as exposed:
            use("budget", "author")
        assert exposed.value.details() == {"file": str(file), "mode": "0640"}


def test_a_damaged_key_is_neither_used_nor_replaced(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path)
    folder = tmp_path / "project.budget"
    keys.make_scope_key("budget", "author")
    (folder / "author").write_bytes(b"short")
    keys.make_signer("budget", ORIGIN)
    (folder / "signing").write_bytes((folder / "signing").read_bytes().replace(b"budget", b"budges"))
    for _ in range(2):
        with pytest.raises(KeyFileDamaged):
            keys.make_scope_key("budget", "author")
        with pytest.raises(KeyFileDamaged):
            keys.make_signer("budget", ORIGIN)
        with pytest.raises(KeyFileDamaged):
            keys.signer("budget")


def test_a_signing_key_of_another_origin_is_not_taken_for_the_projects(tmp_path: Path) -> None:
    FileKeyStore(tmp_path).make_signer("budget", "old.example/p/budget")
    with pytest.raises(KeyFileDamaged, match=r"old\.example"):
        FileKeyStore(tmp_path).make_signer("budget", ORIGIN)


def test_of_many_that_make_a_key_at_once_all_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as makers:
        made = set(makers.map(lambda _: FileKeyStore(tmp_path).make_scope_key("budget", "step.a"), range(64)))
    assert len(made) == 1
    assert [path.name for path in (tmp_path / "project.budget").iterdir()] == ["step.a"], "an unfinished file was left"


@given(project=st.from_regex(REF_PATTERN, fullmatch=True), step=st.from_regex(REF_PATTERN, fullmatch=True))
def test_every_reference_has_its_own_file_inside_the_folder(tmp_path_factory: pytest.TempPathFactory, project: str, step: str) -> None:
    folder = tmp_path_factory.mktemp("keys")
    keys = FileKeyStore(folder)
    key = keys.make_scope_key(project, f"step.{step}")
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.parent.parent for path in files] == [folder]
    assert files[0].read_bytes() == key
    assert files[0].name == files[0].name.lower()


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "step./x", "step.a\n", "step.", "signing", "epoch.x", "Author", "step.é", "\0"])
def test_a_name_that_is_none_leads_nowhere(tmp_path: Path, name: str) -> None:
    keys = FileKeyStore(tmp_path / "keys")
    with pytest.raises(InvalidField):
        keys.make_scope_key("budget", name)
    with pytest.raises(LedgerError):
        keys.make_scope_key(f"{name}/", "author")
    assert list(tmp_path.iterdir()) == []
