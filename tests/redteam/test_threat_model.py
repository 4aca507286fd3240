"""The threat model names checks that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", (ROOT / "docs" / "threat-model.md").read_text())


def test_every_check_that_the_threat_model_names_is_one() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "src" / "ledger").rglob("*.py"))
    assert len(NAMES) > 20
    assert [name for name in NAMES if f'"{name}"' not in source] == []
