"""`ledger import decide-madrid`: the proposals of Decide Madrid and their threads of comments."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.importing.consultations import LanguageOption, OwnerOption, TitleOption, ZoneOption, run_consultation
from ledger.cli.importing.folders import folder_at
from ledger.cli.importing.posting import JsonOption, KeyOption, ProjectOption, UrlOption
from ledger.cli.refusals import told
from ledger.importers.decide_madrid.reading import FILES, read_consulted
from ledger.importers.decide_madrid.submissions import DecideMadrid
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling

_SETTING = Setting(owner="Ayuntamiento de Madrid", language="es", time_zone="Europe/Madrid")


def decide_madrid(  # noqa: PLR0913, PLR0917 - one parameter for each thing that the files do not say
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with proposals.csv and comments.csv.")],
    project: ProjectOption,
    url: UrlOption = None,
    api_key: KeyOption = None,
    title: TitleOption = None,
    owner: OwnerOption = _SETTING.owner,
    language: LanguageOption = _SETTING.language,
    time_zone: ZoneOption = _SETTING.time_zone,
    as_json: JsonOption = False,
) -> None:
    """Import proposals and threaded comments, with counts of supports and votes, which nobody can verify. Again, it records nothing twice.

    Comments whose parent is not in the files come in without it, and are reported with their lines.
    """
    with told():
        setting = Setting(title, owner, language, time_zone)
        report = ImportReport(folder.resolve().name, project)
        files = folder_at(folder, FILES)
        found = read_consulted(files, report)
        consultation = DecideMadrid(found, files, Telling("decide-madrid", setting, report))
        total = 3 * len(found.proposals) + 2 * len(found.comments)
        run_consultation(consultation, run_name(files.listing, setting), total, url, api_key, as_json=as_json)
