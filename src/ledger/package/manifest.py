"""`datapackage.json`: what every column means and what every file hashes to (Data Package v2, https://datapackage.org/standard)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from ledger import VERSION
from ledger.canonical import JsonValue
from ledger.package.layout import FORMAT, TABLES_OF, csv_of
from ledger.package.zip_writer import WrittenFile
from ledger.projections.readings.reading import Reading
from ledger.projections.tables import Column, Table

Json = dict[str, JsonValue]

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_ABOUT_EN: Final = (
    "Everything that a participation ledger recorded and published about one project, up to one checkpoint. "
    "README.en.txt says how to check it; `files` lists every file with its SHA-256."
)
_ABOUT_FR: Final = (
    "Tout ce qu'un registre de participation a inscrit et publié au sujet d'un projet, jusqu'à un point de contrôle. "
    "README.fr.txt dit comment le vérifier ; `files` donne le SHA-256 de chaque fichier."
)
_WITH_PARQUET: Final = "Each table is also there as Parquet, with the same values."
_WITHOUT_PARQUET: Final = "There is no Parquet: the server that made this package has no `parquet` extra."
_UNFIT: Final = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Sealing:
    """What a package is about and cut at; `root` is in base64, as in the checkpoint."""

    origin: str
    size: int
    root: str


def manifest(sealing: Sealing, reading: Reading, files: Sequence[WrittenFile], *, parquet: bool) -> bytes:
    """The bytes of the file; `files` are all others, by name."""
    digests = {file.name: file for file in files}
    titles = reading.project["title"] if reading.project is not None else None
    tables: list[JsonValue] = [_resource(table, digests) for table in TABLES_OF[FORMAT]]
    about: Json = {
        "$schema": PROFILE,
        "name": _UNFIT.sub("-", sealing.origin.rpartition("/")[2].lower()).strip("-") or "project",
        "title": reading.words(titles) or sealing.origin,
        "title_by_language": titles,
        "description": _ABOUT_EN,
        "description_fr": _ABOUT_FR,
        "ledger": {
            "format": FORMAT,
            "version": VERSION,
            "origin": sealing.origin,
            "size": sealing.size,
            "root": sealing.root,
            "parquet": _WITH_PARQUET if parquet else _WITHOUT_PARQUET,
        },
        "resources": tables,
        "files": {file.name: {"bytes": file.size, "sha256": file.sha256} for file in files},
    }
    return orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _resource(table: Table, digests: dict[str, WrittenFile]) -> Json:
    path = csv_of(table)
    file = digests[path]
    fields: list[JsonValue] = [_field(column) for column in table.columns]
    return {
        "name": table.name,
        "type": "table",
        "path": path,
        "title": table.title_en,
        "title_fr": table.title_fr,
        "description": table.description_en,
        "description_fr": table.description_fr,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": {"fields": fields, "primaryKey": list(table.primary_key)},
    }


def _field(column: Column) -> Json:
    return {
        "name": column.name,
        "type": column.type,
        "title": column.title_en,
        "title_fr": column.title_fr,
        "description": column.description_en,
        "description_fr": column.description_fr,
    }


def stated_files(document: JsonValue) -> dict[str, tuple[int, str]] | None:
    """What a `datapackage.json` states of each file: length, and SHA-256 in hex; None where it states it in another form."""
    match document:
        case {"files": dict(files)}:
            stated: dict[str, tuple[int, str]] = {}
            for name, file in files.items():
                match file:
                    case {"bytes": int(size), "sha256": str(digest)}:
                        stated[name] = (size, digest)
                    case _:
                        return None
            return stated
    return None


def stated_version(document: JsonValue) -> str | None:
    """The version of the ledger that a `datapackage.json` says it was written by."""
    match document:
        case {"ledger": {"version": str(version)}}:
            return version
    return None


def stated_format(document: JsonValue) -> str | None:
    """The format that a `datapackage.json` says the package has."""
    match document:
        case {"ledger": {"format": str(stated)}}:
            return stated
    return None


def known_tables() -> Iterable[str]:
    """The names of the CSV files of every package of the present format."""
    return (csv_of(table) for table in TABLES_OF[FORMAT])
