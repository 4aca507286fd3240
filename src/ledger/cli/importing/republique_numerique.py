"""`ledger import republique-numerique`: the consultation on the bill for a digital republic."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.importing.consultations import OwnerOption, TitleOption, run_consultation
from ledger.cli.importing.posting import JsonOption, KeyOption, ProjectOption, UrlOption, content_of
from ledger.cli.refusals import told
from ledger.importers.report import ImportReport
from ledger.importers.republique_numerique.reading import read_opinions
from ledger.importers.republique_numerique.submissions import RepubliqueNumerique
from ledger.importers.running import run_name
from ledger.importers.telling import Setting, Telling

_SETTING = Setting()


def republique_numerique(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="One opinion per line, as the public interface gave them.")],
    project: ProjectOption,
    url: UrlOption = None,
    api_key: KeyOption = None,
    title: TitleOption = None,
    owner: OwnerOption = _SETTING.owner,
    as_json: JsonOption = False,
) -> None:
    """Import the consultation: sections, opinions, arguments, sources, and counts of votes, which nobody can verify."""
    with told():
        content, setting = content_of(file), Setting(title, owner)
        opinions = read_opinions(content, file.name)
        consultation = RepubliqueNumerique(opinions, content, Telling("republique-numerique", setting, ImportReport(file.name, project)))
        total = sum(3 + 2 * (len(opinion.sources) + len(opinion.arguments)) for _, opinion in opinions)
        run_consultation(consultation, run_name(content, setting), total, url, api_key, as_json=as_json)
