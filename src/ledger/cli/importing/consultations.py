"""What every import of a consultation shares: what a file does not say of its project, and the run itself."""

from typing import Annotated

import typer

from ledger.cli.importing.posting import posting_to, shown_import
from ledger.cli.importing.printing import print_report
from ledger.importers.consultation import Consultation, import_consultation

TitleOption = Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The title of the project; the file's own otherwise.")]
OwnerOption = Annotated[str, typer.Option("--owner", metavar="TEXT", help="Who holds the consultation.")]
LanguageOption = Annotated[str, typer.Option("--language", metavar="TAG", help="The language of what people wrote (BCP 47).")]
ZoneOption = Annotated[str, typer.Option("--time-zone", metavar="NAME", help="The time zone of the file's clocks (IANA).")]


def run_consultation(consultation: Consultation, name: str, total: int, url: str | None, api_key: str | None, *, as_json: bool) -> None:
    """Imports the consultation and prints the report. `name` is the run's; `total` is about how many submissions there are."""
    report = consultation.telling.report
    with posting_to(url, api_key, report.project) as posting, shown_import(report.file, total) as progress:
        import_consultation(consultation, posting, name, progress)
    print_report(report, f"Export it:  ledger export {report.project} --out {report.project}.zip", as_json=as_json)
