"""The import of one consultation: the plan, what people did, the closing, and what could not be brought in."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from ledger.importers.posting import Posting
from ledger.importers.report import ImportReport
from ledger.importers.running import Progress, Run
from ledger.importers.telling import Telling
from ledger.importers.told import Told


class Consultation(Protocol):
    """A file as submissions, in the order in which they are posted. What cannot be mapped goes to the report of `telling`."""

    telling: Telling

    def first(self) -> Told:
        """The opening of the project."""
        ...

    def opening(self) -> list[Told]:
        """Everything else up to the opening of the step: recorded together, or not at all."""
        ...

    def acts(self) -> Iterator[Iterable[Told]]:
        """What people and moderators did, group after group; each act is recorded or refused by itself."""
        ...

    def closing(self) -> list[Told]:
        """The end of the step."""
        ...


def import_consultation(consultation: Consultation, posting: Posting, name: str, progress: Progress) -> ImportReport:
    """The report of the import; `name` is the run's (`run_name`). Running it again with the same file and options records nothing.

    An act that is refused is noted with its place and the import goes on; anything else that is refused ends it, and a later run goes on
    from there.
    """
    report = consultation.telling.report
    run = Run(posting, name, report, progress)
    run.first(consultation.first())
    run.whole(consultation.opening())
    for acts in consultation.acts():
        run.each(acts)
    run.whole(consultation.closing())
    run.whole([consultation.telling.finished()])
    run.finish()
    return report
