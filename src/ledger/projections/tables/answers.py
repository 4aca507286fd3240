"""The table `answers`: what the authority answered to each contribution, and how long it has said nothing."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.readings.contributions import days_between, waited_days, waits
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.unshown_fields import with_erased
from ledger.projections.references import Place
from ledger.projections.tables.contents import ERASED, cell, erased_entries, listed
from ledger.projections.tables.table import Cell, Column, Table

_READ: Final = ("ref", "kind", "step", "submitted_at", "state", "answer", "answers", "earlier_answers", "erased")


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    source, now = reading.source, reading.source.last_at
    # Without the contributions' own texts, which would be looked up with the others.
    rows = ((key, {name: row[name] for name in _READ}) for key, row in source.unresolved("contributions"))
    for _, row, erased in with_erased(source, rows, _suspects):
        about = tuple(cell(row, name) for name in ("ref", "kind", "step", "submitted_at"))
        if waits(row):
            yield (about[0], 0, *about[1:], None, None, None, None, None, None, waited_days(row, now), None)
        for number, answer in enumerate(_answers(row), 1):
            language, body = reading.worded(answer["body"])
            days = days_between(row["submitted_at"], answer["at"])
            told = tuple(cast("Cell", answer[name]) for name in ("code", "seq", "at", "role"))
            gone = ("body",) if str(answer["seq"]) in erased else ()
            yield (about[0], number, *about[1:], *told, language or None, body or None, days, listed(gone))


def _answers(row: Row) -> list[dict[str, JsonValue]]:
    """In the order of the log."""
    earlier = cast("list[dict[str, JsonValue]]", row["earlier_answers"])
    return [*earlier, cast("dict[str, JsonValue]", row["answer"])] if row["answer"] is not None else []


def _suspects(row: Row) -> Mapping[str, Place]:
    entries = erased_entries(row)
    return {str(answer["seq"]): (cast("int", answer["seq"]), "body") for answer in _answers(row) if answer["seq"] in entries}


ANSWERS = Table(
    "answers",
    "Answers",
    "Réponses",
    "Every answer to a contribution, and a row of number 0 for each that waits for one, by contribution and number.",
    "Chaque réponse à une contribution, et une ligne de numéro 0 pour chacune qui en attend une, par contribution et numéro.",
    (
        Column("ref", "string", "Contribution", "Contribution", "Reference of the contribution.", "Référence de la contribution."),
        Column(
            "number",
            "integer",
            "Number",
            "Numéro",
            "Which answer it is, from 1; 0 = there is none so far. The last one holds.",
            "Rang de la réponse, à partir de 1 ; 0 = aucune à ce jour. La dernière fait foi.",
        ),
        Column("kind", "string", "Kind", "Type", "What kind of contribution it is.", "Type de contribution."),
        Column("step", "string", "Step", "Étape", "Step it was submitted in.", "Étape du dépôt."),
        Column("submitted_at", "datetime", "Submitted", "Dépôt", "When the ledger recorded it, in UTC.", "Date d'inscription, en UTC."),
        Column(
            "code",
            "string",
            "Code",
            "Code",
            "`retained`, `adapted`, `rejected` or `noted`.",
            "retained (retenue), adapted (adaptée), rejected (rejetée) ou noted (notée).",
        ),
        Column("answered_seq", "integer", "Answered (seq)", "Réponse (rang)", "Where the answer stands in the log.", "Rang de la réponse."),
        Column("answered_at", "datetime", "Answered", "Réponse", "When it was answered, in UTC.", "Date de la réponse, en UTC."),
        Column("role", "string", "Role", "Rôle", "In which role it was answered.", "Rôle au titre duquel la réponse a été faite."),
        Column(
            "language",
            "string",
            "Language",
            "Langue",
            "Of the text shown here: the first of the project's languages that it has.",
            "Celle du texte montré ici.",
        ),
        Column("body", "string", "Body", "Texte", "The answer in words, where it may be shown.", "Quand il peut être montré.", free=True),
        Column(
            "waited_days",
            "integer",
            "Days waited",
            "Jours d'attente",
            "Whole days until the answer; without one, until the last entry of the log.",
            "Jours entiers avant la réponse ; sans réponse, jusqu'à la dernière inscription du registre.",
        ),
        ERASED,
    ),
    ("ref", "number"),
    _rows,
)
