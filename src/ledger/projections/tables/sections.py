"""The table `sections`: every text that was put up for participation, section by section, as it reads now and why."""

from collections.abc import Iterator, Mapping
from typing import cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.sections import contributions_by_section, in_order, texts_of, written_at
from ledger.projections.readings.unshown_fields import with_erased
from ledger.projections.references import Place
from ledger.projections.tables.contents import ERASED, cell, listed
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    source = reading.source
    about = contributions_by_section(source)
    for text, (row, sections) in texts_of(source).items():
        entries = cast("list[int]", row["erased"])

        def suspects(row: Row, entries: list[int] = entries) -> Mapping[str, Place]:
            return {place[1]: place for place in written_at(row) if place[0] in entries}

        placed = list(in_order(sections))
        pairs = [("", row), *(("", section.row) for section in placed)]
        [(_, shown, erased), *others] = with_erased(source, pairs, suspects)
        yield _text(reading, shown, sum(about.get((text, None), {}).values()), listed(erased))
        for section, (_, told, gone) in zip(placed, others, strict=True):
            count = sum(about.get((text, told["section"]), {}).values())
            yield _section(reading, section.position, section.depth, told, count, listed(gone))


def _text(reading: Reading, row: Row, contributions: int, erased: Cell) -> tuple[Cell, ...]:
    adopted: Mapping[str, JsonValue] = row["adopted"] if isinstance(row["adopted"], Mapping) else {}
    language, title = reading.worded(row["title"])
    return (
        *(cell(row, "text"), 0, None, None, None, cell(row, "step"), cell(row, "seq"), cell(row, "published_at")),
        *(language or None, title or None, None, cast("Cell", adopted.get("digest")), None, None, None, None),
        *(contributions, cast("Cell", adopted.get("seq")), erased),
    )


def _section(reading: Reading, position: int, depth: int, row: Row, contributions: int, erased: Cell) -> tuple[Cell, ...]:
    amendments = cast("list[dict[str, list[JsonValue]]]", row["amendments"])
    because_of = dict.fromkeys(str(ref) for amendment in amendments for ref in amendment["because_of"])
    language, title = reading.worded(row["title"])
    return (
        *(cell(row, "text"), position, cell(row, "section"), cell(row, "parent"), depth, None, cell(row, "seq"), cell(row, "added_at")),
        *(language or None, title or None, reading.words(row["body"]) or None, cell(row, "digest"), cell(row, "first_digest")),
        *(len(amendments), listed([cast("int", amendment["seq"]) for amendment in amendments]), listed([*because_of])),
        *(contributions, None, erased),
    )


SECTIONS = Table(
    "sections",
    "Texts by section",
    "Textes par section",
    "Every text and its sections as they read now, by text and position.",
    "Chaque texte et ses sections dans leur état actuel, par texte et position.",
    (
        Column("text", "string", "Text", "Texte", "Reference of the text.", "Référence du texte."),
        Column(
            "position",
            "integer",
            "Position",
            "Position",
            "Place of the section in the text, from 1; 0 = the text as a whole.",
            "Rang de la section dans le texte, à partir de 1 ; 0 = le texte entier.",
        ),
        Column("section", "string", "Section", "Section", "Reference of the section.", "Référence de la section."),
        Column("parent", "string", "Parent", "Section parente", "Section that it stands under.", "Section dont elle dépend."),
        Column(
            "depth", "integer", "Depth", "Profondeur", "How far below the text it stands, from 0.", "Niveau sous le texte, à partir de 0."
        ),
        Column("step", "string", "Step", "Étape", "Step in which people take part in the text.", "Étape où le texte est soumis."),
        Column("seq", "integer", "Seq", "Rang", "Where the event that put it up stands in the log.", "Rang de sa publication."),
        Column("at", "datetime", "At", "Date", "When it was put up, in UTC.", "Date de sa publication, en UTC."),
        Column(
            "language",
            "string",
            "Language",
            "Langue",
            "Of the title shown here: the first of the project's languages that it has.",
            "Celle du titre montré ici.",
        ),
        Column("title", "string", "Title", "Titre", "Its title, where it may be shown.", "Quand il peut être montré.", free=True),
        Column(
            "body", "string", "Body", "Texte", "How it reads now, where it may be shown.", "Texte actuel, s'il peut être montré.", free=True
        ),
        Column(
            "digest",
            "string",
            "Digest",
            "Empreinte",
            "SHA-256 of the body; of a text, of its sections when it was adopted (docs/formats/digests.md).",
            "SHA-256 du texte ; pour un texte entier, de ses sections à son adoption (docs/formats/digests.md).",
        ),
        Column(
            "first_digest", "string", "First digest", "Première empreinte", "SHA-256 of the body as added.", "SHA-256 du texte d'origine."
        ),
        Column("amendments", "integer", "Amendments", "Modifications", "How often it was amended.", "Nombre de modifications."),
        Column(
            "amended_seqs",
            "string",
            "Amended (seq)",
            "Modifications (rangs)",
            "Where its amendments stand in the log, set apart by blanks.",
            "Rangs de ses modifications, séparés par des espaces.",
        ),
        Column(
            "because_of",
            "string",
            "Because of",
            "En raison de",
            "Contributions that its amendments cite, set apart by blanks.",
            "Contributions citées par ses modifications, séparées par des espaces.",
        ),
        Column(
            "contributions",
            "integer",
            "Contributions",
            "Contributions",
            "How many were made about it, whatever became of them.",
            "Nombre de contributions à son sujet, quel que soit leur sort.",
        ),
        Column(
            "adopted_seq", "integer", "Adopted (seq)", "Adoption (rang)", "Where its adoption stands in the log.", "Rang de son adoption."
        ),
        ERASED,
    ),
    ("text", "position"),
    _rows,
)
