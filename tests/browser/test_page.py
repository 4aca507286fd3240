"""What people see of the verifier page: from a disk and served, in both languages, of good packages and of damaged ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.browsing import Verifier
from tests.recorded import town
from tests.serving import Service
from tests.tamper.tampering import changed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good package, a damaged one, and a file that is none."""
    made = tmp_path_factory.mktemp("packages")
    good = town(sealed=True).package()
    (made / "good.zip").write_bytes(good)
    (made / "bad.zip").write_bytes(changed(good, {"events.ndjson": lambda content: content.replace(b'"web"', b'"api"', 1)}))
    (made / "none.zip").write_bytes(b"an apple")
    return made


@pytest.fixture
def page(browser: Browser, verifier: Verifier, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page from a disk, in the language asked for. Nothing goes wrong in it, and nothing is asked of any network."""
    context = browser.new_context(locale=getattr(request, "param", "en-GB"))
    opened = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    opened.on("request", lambda made: asked.append(made.url))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    opened.goto(verifier.path.as_uri())
    yield opened
    context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


def checked(page: Page, package: Path) -> str:
    """The verdict in the words of the page."""
    page.set_input_files("#package", package)
    page.click("#start")
    page.wait_for_selector("#report .verdict", state="visible")
    return page.inner_text(".verdict h2")


ENGLISH = ("Verified", "Failed", "Unreadable")
FRENCH = ("Vérifié", "Échec", "Illisible")


@pytest.mark.parametrize(("page", "verdicts"), [("en-GB", ENGLISH), ("fr-FR", FRENCH), ("de-DE", ENGLISH)], indirect=["page"])
def test_verdicts_are_told_in_the_language_of_the_browser(page: Page, folder: Path, verdicts: tuple[str, ...]) -> None:
    found = []
    for name in ("good.zip", "bad.zip", "none.zip"):
        found.append(checked(page, folder / name))
    assert tuple(found) == verdicts


def test_the_language_can_be_switched_under_a_report(page: Page, folder: Path) -> None:
    assert checked(page, folder / "good.zip") == "Verified"
    page.click("[data-language=fr]")
    assert page.inner_text(".verdict h2") == "Vérifié"
    assert page.get_attribute("html", "lang") == "fr"
    assert "Ce que cela ne prouve pas" in page.inner_text("#report")


def test_a_report_tells_what_is_proven_what_is_not_and_what_was_counted(page: Page, folder: Path) -> None:
    checked(page, folder / "good.zip")
    text = page.inner_text("#report")
    assert page.locator("li.passed").count() == 4
    assert "the key came with it" in text
    assert "tables" in text
    assert page.locator("tbody tr").count() > 2
    assert page.locator("tr.won").count() >= 1
    assert page.locator("svg rect").count() == page.locator("tbody tr").count()


def test_a_damaged_package_names_the_place(page: Page, folder: Path) -> None:
    checked(page, folder / "bad.zip")
    places = page.locator(".finding.fault p").all_inner_texts()
    assert any(place.startswith("events.ndjson") for place in places)


def test_the_page_can_be_used_by_keyboard_alone(page: Page, folder: Path) -> None:
    page.set_input_files("#package", folder / "good.zip")
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "start":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict")
    assert page.evaluate("document.activeElement.id") == "report"


def test_a_file_can_be_dropped(page: Page, folder: Path) -> None:
    content = list((folder / "none.zip").read_bytes())
    page.evaluate(
        """(content) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(content)], "none.zip"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        content,
    )
    page.click("#start")
    page.wait_for_selector("#report .verdict", state="visible")
    assert page.inner_text(".verdict h2") == "Unreadable"


def test_what_a_file_says_is_shown_as_text_and_never_as_markup(page: Page, folder: Path) -> None:
    hostile = folder / "<img src=x onerror=alert(1)>.zip"
    hostile.write_bytes(b"an apple")
    checked(page, hostile)
    assert page.locator("#report img").count() == 0
    assert "<img" in page.inner_text("#report")


def test_a_narrow_screen_is_not_scrolled_sideways(page: Page, folder: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    checked(page, folder / "good.zip")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_service_serves_the_page_and_it_works_from_there(browser: Browser, service: Service, folder: Path) -> None:
    answer = service.get("/verify.html")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert "max-age" in answer.headers["cache-control"]
    assert service.get("/verify.html", If_None_Match=answer.headers["etag"]).status_code == 304
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{service.port}/verify.html")
    assert checked(page, folder / "good.zip") == "Verified"
    page.close()


def test_every_signature_is_confirmed_by_the_browsers_own_cryptography_too(verifier: Verifier) -> None:
    package = town().package()
    report = verifier.report(package)
    assert report["verdict"] == "verified"
    accepted = verifier.call("acceptedSignatures.length")
    assert report["confirmed_by_browser"] == accepted > 0
