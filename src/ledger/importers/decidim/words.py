"""Texts in one language or several, times, places and amounts of money, as a row tells them."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.errors import ForeignFileDamaged, ImportOptionInvalid
from ledger.importers.decidim.sheets import Line, Sheet
from ledger.importers.money import NO_CURRENCY, minor
from ledger.importers.telling import Telling, present
from ledger.importers.times import in_utc, instant, zone_of

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,18})?")
_OFFSET: Final = re.compile(r"\s+(?=[+-][0-9]{2}:?[0-9]{2}$)")
_DATE: Final = 10
_EARLIEST: Final = 1970
_MOST_DIGITS: Final = 15


class Words:
    """Reads rows for one import. Raises `ImportOptionInvalid` where the zone or the currency is none, before anything is posted."""

    def __init__(self, telling: Telling, sheets: Iterable[Sheet], currency: str) -> None:
        if not re.fullmatch(r"[A-Z]{3}", currency):
            raise ImportOptionInvalid("--currency", f"{currency[:80]!r} is no code of ISO 4217, such as EUR")
        self.telling, self.currency = telling, currency
        self._zone: ZoneInfo = zone_of(telling.setting.time_zone)
        columns = dict.fromkeys(column for sheet in sheets for column in sheet.table.columns)
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        for column in columns:
            name, _, language = column.rpartition("/")
            if _LANGUAGE.fullmatch(language) and name and not name.endswith("machine_translations"):
                self._by_name.setdefault(name, []).append((language, column))

    def columns(self, name: str) -> list[str]:
        """The columns of a text: its plain one, and one for each language."""
        return [name, *(column for _, column in self._by_name.get(name, ()))]

    def languages(self, *names: str) -> list[str]:
        """The languages that these texts have columns for, in the order of the files."""
        return list(dict.fromkeys(language for name in names for language, _ in self._by_name.get(name, ())))

    def title(self, line: Line, name: str) -> dict[str, str] | None:
        """A short text in each language that it has, None where it is empty; one without a language is in that of the setting."""
        return self._texts(line, name, body=False)

    def body(self, line: Line, name: str) -> dict[str, str] | None:
        """The same of a long text."""
        return self._texts(line, name, body=True)

    def plain(self, line: Line, name: str) -> str | None:
        """The text in one language: without one, else in the first that it has."""
        return line.cell(*self.columns(name)) or None

    def _texts(self, line: Line, name: str, *, body: bool) -> dict[str, str] | None:
        fit = self.telling.body if body else self.telling.title
        texts = dict(fit(line.cell(name), line.place) or {})
        for language, column in self._by_name.get(name, ()):
            told = fit(line.cell(column), line.place)
            if told is not None:
                texts[language] = next(iter(told.values()))
        return texts or None

    def moment(self, line: Line, *columns: str) -> str | None:
        """The instant in the first of these columns that is filled; None, and reported, where it names none."""
        cell = line.cell(*columns)
        if not cell:
            return None
        try:
            told = datetime.fromisoformat(_OFFSET.sub("", cell.removesuffix(" UTC") + "Z" * cell.endswith(" UTC")))
        except ValueError:
            told = None
        if told is None or len(cell) <= _DATE or told.year < _EARLIEST:
            self.telling.report.lose("time-unread", line.place, f"{cell[:40]!r} is no time")
            return None
        moment = told if told.tzinfo is not None else in_utc(told, self._zone)
        if moment is None:
            words = f"clocks of {self._zone.key} showed {cell} twice, or never, so it is left out"
            self.telling.report.lose("time-ambiguous", line.place, words)
            return None
        return instant(moment)

    def location(self, line: Line) -> dict[str, str] | None:
        """The place, None where there is none; degrees that are none are reported."""
        place: dict[str, str] = {}
        degrees = {name: line.cell(name) for name in ("latitude", "longitude")}
        if all(_DEGREES.fullmatch(cell) for cell in degrees.values()):
            place |= degrees
        elif any(degrees.values()):
            self.telling.report.lose("place-unread", line.place, f"{', '.join(degrees.values())[:80]!r} is no latitude and longitude")
        address = self.telling.title(line.cell("address"), line.place)
        return place | ({"address": next(iter(address.values()))} if address else {}) or None

    def cost(self, line: Line, column: str) -> dict[str, Any]:
        """The amount as `cost_minor`; nothing where there is none, no currency to tell it in, or it cannot be read, which is reported."""
        cell = line.cell(column)
        if not cell or self.currency == NO_CURRENCY:
            return {}
        cost = self._minor(cell, line.place)
        if cost is None:
            self.telling.report.lose("amount-unread", line.place, f"{cell[:40]!r} is no amount in {self.currency}")
        return present(cost_minor=cost)

    def _minor(self, cell: str, place: str) -> int | None:
        """The amount in minor units, None where it is none, or finer than these."""
        try:
            amount = Decimal(cell)
            whole = amount.is_finite() and amount >= 0 and amount.adjusted() < _MOST_DIGITS
            return minor(amount, self.currency, place) if whole else None
        except (InvalidOperation, ForeignFileDamaged):
            return None
