"""docs/formats/events.md says what the code does."""

import re

from ledger.events import EVENTS
from tests.aggregates.events_page import PAGE, events_page


def test_the_page_of_events_is_up_to_date() -> None:
    assert PAGE.read_text() == events_page(), "run: python -m tests.aggregates.events_page"


def test_every_link_of_the_page_leads_somewhere() -> None:
    page = events_page()
    anchors = {heading.replace(".", "") for heading in re.findall(r"^## (\S+)$", page, re.MULTILINE)}
    assert anchors == {event.TYPE.replace(".", "") for event in EVENTS}
    assert set(re.findall(r"\(#([^)]+)\)", page)) == anchors
    for target in set(re.findall(r"\((\.\./problems/[^)]+)\)", page)):
        assert (PAGE.parent / target).is_file(), target
