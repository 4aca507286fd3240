"""How a consultation from elsewhere is told: who says what in which role, in which language, through the channel `import`."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from ledger.importers.money import NO_CURRENCY
from ledger.importers.report import ImportReport
from ledger.importers.told import Told

LONGEST_TITLE: Final = 4000
LONGEST_BODY: Final = 60_000
STEP: Final = "consultation"
"""The one step that an imported consultation has."""
TRASHED: Final = "trashed"
"""The motive of content that a platform put in its trash; the words of its moderators, which may name people, are a committed reason."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file does not say of its project, given by whoever imports it."""

    title: str | None = None
    owner: str = "?"
    language: str = "fr"
    time_zone: str = "Europe/Paris"
    keys_destroyed_at: str = "2099-12-31T00:00:00.000Z"


class Telling:
    """Submissions of one import, which is known in the log by the name of its `source`, its format."""

    def __init__(self, source: str, setting: Setting, report: ImportReport) -> None:
        self.source, self.setting, self.report = source, setting, report

    def organizer(self, kind: str, data: Mapping[str, Any], place: str | None = None) -> Told:
        """Something that the authority does, or the platform for it."""
        return Told(place or self.report.file, {"type": kind, "role": "organizer", "channel": "import", "data": dict(data)})

    def person(self, kind: str, data: Mapping[str, Any], place: str, who: str | None, claimed_at: str | None = None) -> Told:
        """Something that a person does, `who` on their platform; the organizer tells it of somebody whom the file does not know."""
        if who is None:
            told = self.organizer(kind, data, place)
        else:
            told = Told(place, {"type": kind, "channel": "import", "participant": who, "data": dict(data)})
        if claimed_at is not None:
            told.document["claimed_at"] = claimed_at
        return told

    def words(self, text: str) -> dict[str, str]:
        """A text that is known to fit, in the language of the project."""
        return {self.setting.language: text}

    def title(self, text: str | None, place: str) -> dict[str, str] | None:
        """A title, None where it is empty; one that is too long is cut, and reported."""
        return self._fitted(text, LONGEST_TITLE, place)

    def body(self, text: str | None, place: str) -> dict[str, str] | None:
        """A body as the platform has it, None where it is empty; one that is too long is cut, and reported."""
        return self._fitted(text, LONGEST_BODY, place)

    def fields(self, named: Mapping[str, str | None], place: str) -> dict[str, str] | None:
        """The further texts that are not empty, by name; None where all are."""
        fitted = {name: self._fitted(text, LONGEST_TITLE, place) for name, text in named.items()}
        return {name: words[self.setting.language] for name, words in fitted.items() if words} or None

    def project(self, title: str) -> Told:
        """The opening of the project; `title` is the file's own, which the setting's goes before."""
        setting = self.setting
        data = {
            "title": self.words((setting.title or title)[:LONGEST_TITLE]),
            "owner": self.words(setting.owner),
            "languages": [setting.language],
            "currency": NO_CURRENCY,
            "time_zone": setting.time_zone,
            "keys_destroyed_at": setting.keys_destroyed_at,
        }
        return self.organizer("project.opened/1", data)

    def started(self, content: bytes) -> Told:
        """The beginning of the import of a file."""
        digest = urlsafe_b64encode(sha256(content).digest()).decode().rstrip("=")
        return self.organizer("import.started/1", {"ref": self.source, "format": self.source, "file_digest": digest})

    def counted(self, target: str, basis: str, counts: Mapping[str, int], place: str) -> Told:
        """What the file states of a target. `basis`: see `AggregateRecorded`."""
        data = {"ref": self.source, "target": target, "basis": basis, "counts": dict(counts)}
        return self.organizer("aggregate.recorded/1", data, place)

    def motive(self, ref: str, name: str) -> Told:
        """A reason for reports or moderation that the file knows."""
        return self.organizer("motive.defined/1", {"ref": ref, "name": self.words(name)})

    def finished(self) -> Told:
        """The end of the import, with how much of the file is not in the ledger."""
        unmapped = dict(sorted(self.report.unmapped.items()))
        return self.organizer("import.finished/1", {"ref": self.source, "unmapped": unmapped})

    def _fitted(self, text: str | None, longest: int, place: str) -> dict[str, str] | None:
        if text is None or not text.strip():
            return None
        if "\0" in text:
            self.report.note("character-left-out", place, "NUL characters cannot be recorded")
            text = text.replace("\0", "")
        if len(text) > longest:
            self.report.lose("text-cut", place, f"a text of {len(text)} characters is cut after {longest}")
        return self.words(text[:longest])


def present(**fields: Any) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}
