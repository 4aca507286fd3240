"""`ledger import polis`: one conversation or several, as Polis exports them or as its tables hold them."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.importing.consultations import LanguageOption, OwnerOption, TitleOption, run_consultation
from ledger.cli.importing.folders import folder_at
from ledger.cli.importing.posting import JsonOption, KeyOption, ProjectOption, UrlOption
from ledger.cli.refusals import told
from ledger.importers.polis.reading import FILES, read_conversations
from ledger.importers.polis.submissions import Polis
from ledger.importers.report import ImportReport
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling

# The files say neither in which language people wrote nor where they were; their times are moments.
_SETTING = Setting(language="und", time_zone="UTC")


def polis(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with comments.csv and votes.csv.")],
    project: ProjectOption,
    url: UrlOption = None,
    api_key: KeyOption = None,
    title: TitleOption = None,
    owner: OwnerOption = _SETTING.owner,
    language: LanguageOption = _SETTING.language,
    as_json: JsonOption = False,
) -> None:
    """Import conversations: comments, votes in the order of their times, what was moderated out, groups. Again, it records nothing twice.

    The report has the votes counted both ways: the last of each person, which the ledger's tallies show, and all rows, as Polis publishes.
    """
    with told():
        setting = Setting(title, owner, language, _SETTING.time_zone)
        report = ImportReport(folder.resolve().name, project)
        files = folder_at(folder, FILES)
        found = read_conversations(files, report)
        consultation = Polis(found, files, Telling("polis", setting, report))
        total = len(found.votes) + 3 * len(found.comments)
        run_consultation(consultation, run_name(files.listing, setting), total, url, api_key, as_json=as_json)
