"""What every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.postgres"]

# No deadline: a slow machine is not a failure. In CI the examples are the same on every run; elsewhere they vary.
settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True, database=None)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=2000)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real elections and foreign test vectors that stands beside a checkout; a test that needs it is skipped without it."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of real data does not stand beside this checkout")
    return folder
