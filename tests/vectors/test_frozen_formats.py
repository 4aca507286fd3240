"""Packages, proofs and notes come out as they did when their formats were new. A change of format adds a version; it edits nothing here."""

from pathlib import Path

from tests.vectors.formats_v1 import frozen_files

FROZEN = Path(__file__).parent / "formats"


def test_every_file_of_a_package_and_every_proof_is_written_byte_for_byte_as_it_was() -> None:
    frozen = {str(path.relative_to(FROZEN)): path.read_bytes() for path in FROZEN.rglob("*") if path.is_file()}
    made = frozen_files()
    assert set(made) == set(frozen)
    for name, content in made.items():
        assert content == frozen[name], name
