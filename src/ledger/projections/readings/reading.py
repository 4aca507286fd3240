"""One reading of a source: what every published file is made from, with the results counted once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from ledger.projections.projection import Row
from ledger.projections.readings.outcomes import Counting, Pending, StepResult, step_results
from ledger.projections.source import Source


@dataclass(frozen=True, slots=True)
class Reading:
    """A source with its project row and its results. `project` is None before the project opened."""

    source: Source
    project: Row | None
    results: Mapping[str, StepResult | Pending]
    """Step → result, by reference; steps whose rules were set."""

    @property
    def currency(self) -> str:
        """The project's currency, ISO 4217; empty before it opened."""
        return cast("str", self.project["currency"]) if self.project is not None else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The project's languages, the first one foremost."""
        return tuple(cast("list[str]", self.project["languages"])) if self.project is not None else ()

    def counted(self) -> Iterator[StepResult]:
        """The results that are not pending, by step."""
        return (result for result in self.results.values() if isinstance(result, StepResult))

    def words(self, titles: object) -> str:
        """A multilingual text in the project's first language that it has, else in its first by tag; empty where there is none."""
        return self.worded(titles)[1]

    def worded(self, titles: object) -> tuple[str, str]:
        """(language, text) as `words` chooses."""
        if not isinstance(titles, Mapping) or not titles:
            return "", ""
        language = next((tag for tag in self.languages if tag in titles), min(titles))
        return language, cast("str", titles[language])


def read(source: Source, *, exact: bool = False, counting: Counting | None = None) -> Reading:
    """The reading of a source; `exact` and `counting`: see `step_results`."""
    project = next((row for key, row in source.rows("project") if key == "project"), None)
    return Reading(source, project, {result.step.ref: result for result in step_results(source, exact=exact, counting=counting)})
