"""A package of 100 000 ballots checked by the page in a browser, beside `ledger verify` on the same file in the same run."""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

from benchmarks.export import EXPORT, verified
from benchmarks.figures import machine
from ledger.package.verifier_page import VERIFIER, verifier_page
from tests.browser.browsing import ARGUMENTS, chromium

BALLOTS = 100_000


def run(rounds: int) -> None:
    """Prints seconds of both, and the ratio; nothing where there is no Chromium."""
    path = chromium()
    print(f"\nthe verifier page ({machine()})")
    if path is None:
        print("  no Chromium on this machine")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / VERIFIER
        page.write_bytes(verifier_page())
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for secrecy in ("open", "sealed"):
            _one(Path(folder), page, browser, secrecy, rounds)
        browser.close()


def _one(folder: Path, page: Path, browser: Browser, secrecy: str, rounds: int) -> None:
    subprocess.run([sys.executable, "-c", EXPORT, str(folder), str(BALLOTS), secrecy], capture_output=True, check=True)
    package = folder / "export.zip"
    pairs = [(_in_browser(page, package, browser), verified(package)[0]) for _ in range(rounds)]
    mine, theirs = (median(times) for times in zip(*pairs, strict=True))
    size = package.stat().st_size / 1e6
    print(f"  {BALLOTS:>9,} {secrecy:<6} {size:,.0f} MB   page {mine:>5.1f} s   ledger verify {theirs:>5.1f} s   ratio {mine / theirs:.2f}")


def _in_browser(page: Path, package: Path, browser: Browser) -> float:
    """Seconds from the choice of the file to the verdict; raises `RuntimeError` where it does not verify."""
    opened = browser.new_page()
    opened.goto(page.as_uri())
    start = perf_counter()
    opened.set_input_files("#package", package)
    opened.click("#start")
    opened.wait_for_selector("#report .verdict", state="visible", timeout=600_000)
    seconds = perf_counter() - start
    verdict = opened.get_attribute(".verdict", "data-verdict")
    opened.close()
    if verdict != "verified":
        raise RuntimeError(f"the page says {verdict}")
    return seconds
