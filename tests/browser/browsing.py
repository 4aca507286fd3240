"""A headless Chromium for tests of what is meant for browsers. Fixtures: `browser` (one for the tests of a file) and `verifier`.

While the driver runs, the thread that started it has an event loop; so it ends with the file, and tests after it can have their own.

A test folder that wants them has a `conftest.py` with `pytest_plugins`, or imports them. Where no Chromium is found they skip.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ledger.package.verifier_page import VERIFIER, verifier_page

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
_REPORT = """async ([zip, name, older, keys, ledgerKeys, policy]) => {
  const file = (text) => new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
  const trusted = { vkeys: keys, ledgerVkeys: ledgerKeys, policy };
  return await verifyPackage(FACTS, { file: file(zip), name, older: older && file(older), olderName: "older.zip", ...trusted });
}"""


def chromium() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next((path for name in NAMES if (path := which(name)) is not None), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip(f"none of {', '.join(NAMES)} is on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()


@dataclass
class Verifier:
    """The verifier page, opened from a disk. `errors` are what went wrong inside it, which nothing should."""

    page: Page
    path: Path
    errors: list[str]

    def report(
        self,
        package: bytes,
        keys: Sequence[str] = (),
        ledger_keys: Sequence[str] = (),
        older: bytes | None = None,
        policy: str | None = None,
    ) -> dict[str, Any]:
        """What the program of the page answers about a package, without its form and its worker."""
        earlier = None if older is None else b64encode(older).decode()
        found: dict[str, Any] = self.page.evaluate(
            _REPORT, [b64encode(package).decode(), "export.zip", earlier, list(keys), list(ledger_keys), policy]
        )
        return found

    def call(self, expression: str, argument: Any = None) -> Any:
        """The value of an expression of JavaScript in the page, where every function of the program can be called."""
        return self.page.evaluate(expression, argument)


@pytest.fixture(scope="module")
def verifier(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifier]:
    path = tmp_path_factory.mktemp("verifier") / VERIFIER
    path.write_bytes(verifier_page())
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    yield Verifier(page, path, errors)
    page.close()
    assert errors == []
