"""`ledger import consul`: a participatory budget of Consul."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.importing.consultations import LanguageOption, OwnerOption, TitleOption, run_consultation
from ledger.cli.importing.files import files_at
from ledger.cli.importing.posting import JsonOption, KeyOption, ProjectOption, UrlOption
from ledger.cli.refusals import told
from ledger.importers.consul.sheets import read_sheets
from ledger.importers.consul.submissions import Consul
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling

# The files do not say in which language people wrote, and no time of theirs is recorded.
_SETTING = Setting(language="und", time_zone="UTC")


def consul(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.csv...", help="Budget investments, votes without voters, or both.")],
    project: ProjectOption,
    url: UrlOption = None,
    api_key: KeyOption = None,
    title: TitleOption = None,
    owner: OwnerOption = _SETTING.owner,
    language: LanguageOption = _SETTING.language,
    as_json: JsonOption = False,
) -> None:
    """Import a participatory budget: investments, their headings, what the valuation came to. Again, it records nothing twice.

    Supports and votes come as counts that nobody can verify, since the files do not say who voted.
    """
    with told():
        setting = Setting(title, owner, language, _SETTING.time_zone)
        folder = files_at(files, title)
        report = ImportReport(", ".join(folder.files), project)
        sheets = read_sheets(folder, report)
        consultation = Consul(sheets, folder, Telling("consul", setting, report))
        run_consultation(consultation, run_name(folder.listing, setting), 3 * len(sheets.investments), url, api_key, as_json=as_json)
