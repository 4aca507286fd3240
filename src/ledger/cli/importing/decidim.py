"""`ledger import decidim`: the open data of a Decidim."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.importing.consultations import LanguageOption, OwnerOption, TitleOption, ZoneOption, run_consultation
from ledger.cli.importing.files import files_at
from ledger.cli.importing.posting import JsonOption, KeyOption, ProjectOption, UrlOption
from ledger.cli.refusals import told
from ledger.importers.decidim.sheets import read_sheets
from ledger.importers.decidim.submissions import Decidim
from ledger.importers.money import NO_CURRENCY
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling

# Texts have their language in the name of their column, and times their zone; the options are for those that have not.
_SETTING = Setting(language="und", time_zone="UTC")


def decidim(  # noqa: PLR0913, PLR0917 - one parameter for each thing that the files do not say
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE.csv...", help="Proposals, budget projects, results, moderations, blocked users.")
    ],
    project: ProjectOption,
    url: UrlOption = None,
    api_key: KeyOption = None,
    title: TitleOption = None,
    owner: OwnerOption = _SETTING.owner,
    language: LanguageOption = _SETTING.language,
    time_zone: ZoneOption = _SETTING.time_zone,
    currency: Annotated[
        str, typer.Option("--currency", metavar="CODE", help="Of the amounts, ISO 4217; without it they are kept in words.")
    ] = NO_CURRENCY,
    as_json: JsonOption = False,
) -> None:
    """Import open data: proposals, amendments, projects, results, answers, withdrawals, what was hidden. Again, it records nothing twice.

    What each file holds is told by its columns. Votes come as counts that nobody can verify, since the files do not list them.
    """
    with told():
        setting = Setting(title, owner, language, time_zone)
        folder = files_at(files, title)
        report = ImportReport(", ".join(folder.files), project)
        sheets = read_sheets(folder, report)
        consultation = Decidim(sheets, folder, Telling("decidim", setting, report), currency)
        total = 2 * sum(len(sheet.table.rows) for sheet in sheets)
        run_consultation(consultation, run_name(folder.listing, (setting, currency)), total, url, api_key, as_json=as_json)
