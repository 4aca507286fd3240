"""`ledger import cap-collectif`: a consultation in the export of its platform."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.importing.consultations import LanguageOption, OwnerOption, TitleOption, ZoneOption, run_consultation
from ledger.cli.importing.posting import JsonOption, KeyOption, ProjectOption, UrlOption, content_of
from ledger.cli.refusals import told
from ledger.importers.cap_collectif.reading import read_export
from ledger.importers.cap_collectif.submissions import CapCollectif
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling

_SETTING = Setting()


def cap_collectif(  # noqa: PLR0913, PLR0917 - one parameter for each thing that the file does not say
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The export of a consultation, one row per act.")],
    project: ProjectOption,
    url: UrlOption = None,
    api_key: KeyOption = None,
    title: TitleOption = None,
    owner: OwnerOption = _SETTING.owner,
    language: LanguageOption = _SETTING.language,
    time_zone: ZoneOption = _SETTING.time_zone,
    realign: Annotated[
        bool,
        typer.Option("--realign", help="Read rows of which the cells stand one column to the left as if they stood in their places."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import a consultation: opinions, versions, votes, arguments, sources, reports and the trash. Again, it records nothing twice.

    Rows that end early or stand out of place are reported with their lines; what is certain of them is imported, and nothing is guessed.
    """
    with told():
        content, setting = content_of(file), Setting(title, owner, language, time_zone)
        export = read_export(content, file.name, realign=realign)
        consultation = CapCollectif(export, content, Telling("cap-collectif", setting, ImportReport(file.name, project)))
        name = run_name(content, (setting, realign))
        run_consultation(consultation, name, len(export.rows), url, api_key, as_json=as_json)
