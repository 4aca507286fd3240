"""The full result of one step as a file: indented JSON in UTF-8 with sorted keys (docs/formats/results.md)."""

from typing import Final

import orjson

from ledger.canonical import JsonValue

OPTIONS: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def result_file(document: JsonValue) -> bytes:
    """The bytes of a result; people read them, so they are indented, and programs compare them, so keys are sorted."""
    return orjson.dumps(document, option=OPTIONS)
