"""Counts that a source published and that its acts do not come to, in words, English and French."""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from ledger.audit.findings import MOST_OF_ONE_KIND
from ledger.audit.language import Language, Words
from ledger.projections.readings.published_differences import PublishedDifference

STRICT: Final[Words] = {
    "en": "Published counts differ from what the log comes to, and --strict makes that a failure. The package itself is in order.",
    "fr": "Des comptages publiés diffèrent de ce que donne le registre ; --strict en fait un échec. Le paquet lui-même est en ordre.",
}
_COUNT: Final[Words] = {"en": "{count}: published {published}, here {replayed}", "fr": "{count} : publié {published}, ici {replayed}"}
_UNSTATED: Final[Words] = {
    "en": "{count}: nothing published that can be read, here {replayed}",
    "fr": "{count} : rien de publié qui soit lisible, ici {replayed}",
}
_ALL_ROWS: Final[Words] = {"en": ", {all} if every change counts as one more", "fr": ", {all} si chaque changement compte en plus"}
_MORE: Final[Words] = {"en": "… and {more} more; --json lists all of them", "fr": "… et {more} autres ; --json les donne tous"}


def difference_lines(differences: Iterable[PublishedDifference], language: Language) -> list[str]:
    """A line for each target and import with its counts that differ; the first 20, then how many more there are."""
    lines: list[str] = []
    for (target, import_ref), each in groupby(differences, key=lambda difference: (difference.target, difference.import_ref)):
        lines.append(f"{target} ({import_ref}) – " + "; ".join(_told(difference, language) for difference in each))
    more = len(lines) - MOST_OF_ONE_KIND
    return lines if more <= 0 else [*lines[:MOST_OF_ONE_KIND], _MORE[language].format(more=more)]


def _told(difference: PublishedDifference, language: Language) -> str:
    words = _COUNT if difference.published is not None else _UNSTATED
    told = words[language].format(count=difference.count, published=difference.published, replayed=difference.replayed)
    every = difference.replayed_all_rows
    return told if every is None or every == difference.replayed else told + _ALL_ROWS[language].format(all=every)
