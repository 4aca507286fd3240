"""Small files in the columns of Decidim's open data, written by the tests as the platform writes them."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

SITE = "https://decidim.example"
Cells = dict[str, str]


def proposal(number: int, **cells: str) -> Cells:
    """A row of a proposal with votes, in the columns of the present platform; `__` in a name is a slash."""
    told = {
        "id": str(number), "author/id": f"{number + 100}", "author/name": f"Name of {number + 100}",
        "author/url": f"{SITE}/profiles/p{number}", "taxonomies/ids": "3", "taxonomies/3/en": "Green", "taxonomies/3/ca": "Verd",
        "title/en": f"Title {number}", "title/ca": "", "body/en": f"Body {number}", "body/machine_translations/ca": "Cos",
        "address": "", "latitude": "", "longitude": "", "state": "not_answered", "state_published_at": "", "reference": f"D-PROP-{number}",
        "answer/en": "", "answered_at": "", "votes": "7", "likes/total_count": "2", "comments": "3",
        "published_at": f"2024-03-0{number % 9 + 1} 10:20:30 UTC", "url": address(number), "meeting_urls": "", "related_proposals": "",
        "is_amend": "false", "original_proposal/title/en": "", "original_proposal/url": "", "withdrawn": "false", "withdrawn_at": "",
        "created_at": "2024-02-01 10:20:30 +0100", "created_in_meeting": "false", "coauthorships_count": "1", "cost": "",
    }  # fmt: skip
    return told | {name.replace("__", "/"): cell for name, cell in cells.items()}


def project(number: int, **cells: str) -> Cells:
    """A row of a project of a budget."""
    told = {
        "id": str(number), "category/id": "9", "category/name/en": "Parks", "scope/id": "", "scope/name/en": "North",
        "title/en": f"Project {number}", "description/en": "More trees", "budget/id": "1", "budget_amount": "12000",
        "confirmed_votes": "40", "comments": "1", "created_at": "2024-05-01T08:00:00Z", "url": f"{SITE}/budgets/1/projects/{number}",
        "related_proposals": "1", "related_proposal_titles": "Title 1", "related_proposal_urls": address(1),
    }  # fmt: skip
    return told | {name.replace("__", "/"): cell for name, cell in cells.items()}


def result(number: int, *proposals: int, **cells: str) -> Cells:
    """A row of a result."""
    told = {
        "id": str(number), "category/id": "9", "category/name/en": "Parks", "title/en": f"Result {number}", "description/en": "Done",
        "start_date": "2024-06-01", "end_date": "", "status/id": "1", "status/key": "finished", "status/name/en": "Finished",
        "progress": "100.0", "created_at": "2024-07-01 08:00:00 UTC", "url": f"{SITE}/results/{number}",
        "proposal_urls": ", ".join(map(address, proposals)),
    }  # fmt: skip
    return told | cells


def moderation(number: int, about: int, reasons: str = "spam", **cells: str) -> Cells:
    """A row of a moderation that hid a proposal."""
    told = {
        "id": str(number), "hidden_at": "2024-04-01 09:00:00 UTC", "report_count": "2", "reported_url": address(about),
        "reportable_type": "Decidim::Proposals::Proposal", "reportable_id": str(about), "reported_content": "A bad text",
        "reports/reasons": reasons, "reports/locale": "en", "reports/details": "Mr Smith did it",
    }  # fmt: skip
    return told | cells


BLOCKED: Cells = {
    "user_id": "77", "blocked_at": "2024-04-01 09:00:00 UTC", "about": "I am Mr Smith", "reasons": "spam", "details": "Again",
    "block_reasons": "Enough", "blocking_user": "Ms Jones",
}  # fmt: skip


def address(number: int) -> str:
    return f"{SITE}/processes/p/f/1/proposals/{number}"


def written(rows: Sequence[Mapping[str, str]], delimiter: str = ";") -> bytes:
    """A file as the platform writes it: the columns of all rows, an apostrophe before what would be a formula."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        [f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell for cell in map(row.get, columns, [""] * len(columns))] for row in rows
    )
    return out.getvalue().encode()


def proposals(*rows: Cells) -> dict[str, bytes]:
    return {"proposals.csv": written(rows)}


ALL = {
    "blocked.csv": written([BLOCKED]),
    "moderations.csv": written([moderation(1, 3), moderation(2, 99)]),
    "projects.csv": written([project(5), project(6, related_proposals="1, 2", confirmed_votes="")]),
    "proposals.csv": written([
        proposal(4, is_amend="true", original_proposal__url=address(1)),
        proposal(1, state="accepted", answer__en="We do it", answered_at="2024-06-01 08:00:00 UTC"),
        proposal(2, state="rejected", votes="", withdrawn="true", withdrawn_at="2024-07-01 08:00:00 UTC"),
        proposal(3, state="studied"),
    ]),
    "results.csv": written([result(8, 2, 1), result(9, 50)]),
}  # fmt: skip
