"""The table `budget_result`: every candidate of every counted step, what it got, whether it won, and why."""

from collections.abc import Iterator

from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    for result in reading.counted():
        yield from _of_step(reading, result)


def _of_step(reading: Reading, result: StepResult) -> Iterator[tuple[Cell, ...]]:
    step, published = result.step, result.published
    winners = frozenset(result.winners)
    decided = result.count.outcome.winners is not None
    overridden = {override["position"]: override["funded"] for override in step.row["overrides"]}
    margins = {margin.position: margin for margin in result.count.margins.items}
    for candidate, fate in zip(step.candidates, result.count.outcome.items, strict=True):
        position, item, why = candidate.item.position, candidate.item, fate.status
        yield (
            step.ref,
            position,
            item.ref,
            candidate.external_ref,
            reading.words(candidate.title) or None,
            item.district,
            item.category,
            item.cost_minor,
            reading.currency,
            fate.votes,
            fate.score,
            position in winners if decided else None,
            why.code,
            None if why.by is None else step.shown(why.by),
            margins[position].short,
            margins[position].spare,
            None if published is None else position in published["selected"],
            None if published is None else position in published["outside_rule"],
            result.explained.get(position),
            overridden.get(position),
        )


BUDGET_RESULT = Table(
    "budget_result",
    "Result",
    "Résultat",
    "Every candidate of every step that is counted, by step and position on the ballot paper.",
    "Toutes les propositions soumises au vote des étapes dépouillées, par étape puis position sur la liste.",
    (
        Column("step", "string", "Step", "Étape", "Reference of the step.", "Référence de l'étape."),
        Column("position", "integer", "Position", "Position", "Its place on the ballot paper, from 0.", "Sur la liste, à partir de 0."),
        Column("ref", "string", "Reference", "Référence", "Reference of the proposal.", "De la proposition."),
        Column(
            "external_ref",
            "string",
            "Shown reference",
            "Référence affichée",
            "Its reference as people see it, where that is another.",
            "Affichée, si différente.",
            free=True,
        ),
        Column("title", "string", "Title", "Titre", "Its title, where it may be shown.", "Quand il peut être montré.", free=True),
        Column("district", "string", "District", "Quartier", "Reference of the district.", "Référence du quartier."),
        Column("category", "string", "Category", "Catégorie", "Reference of the category.", "Référence de la catégorie."),
        Column("cost_minor", "integer", "Cost", "Coût", "Cost that counts, in minor units.", "Coût pris en compte, en unités mineures."),
        Column("currency", "string", "Currency", "Monnaie", "ISO 4217 code.", "ISO 4217 code."),
        Column(
            "votes",
            "integer",
            "Votes",
            "Voix",
            "Ballots that name it; on yes/no ballots, those that say yes.",
            "Bulletins qui la désignent.",
        ),
        Column("score", "integer", "Score", "Score", "The sum that the rule orders by.", "Ce selon quoi la règle classe."),
        Column(
            "won",
            "boolean",
            "Won",
            "Retenue",
            "Whether the rule chose it; empty where no rule was declared.",
            "Selon la règle ; vide sans règle déclarée.",
        ),
        Column(
            "why", "string", "Why", "Pourquoi", "Code of its fate (docs/formats/rules.md).", "Code de son sort (docs/formats/rules.md)."
        ),
        Column(
            "by",
            "string",
            "Because of",
            "À cause de",
            "The candidate that stood in its way, as people see it.",
            "Proposition qui l'a écartée.",
            free=True,
        ),
        Column(
            "short",
            "integer",
            "Short by",
            "Manque",
            "Votes or points that it lacks to win; empty where that is not defined (docs/formats/rules.md).",
            "Ce qui lui manque pour être retenue (docs/formats/rules.md).",
        ),
        Column(
            "spare",
            "integer",
            "To spare",
            "Marge",
            "Votes or points that it could lose and still win.",
            "Ce qu'elle peut perdre en restant retenue.",
        ),
        Column(
            "published",
            "boolean",
            "Published",
            "Proclamée",
            "Whether the authority announced it as selected; empty where nothing was announced.",
            "Comme retenue, par l'autorité.",
        ),
        Column(
            "outside_rule",
            "boolean",
            "Outside the rule",
            "Hors règle",
            "Announced as funded by other means than this rule.",
            "Financée par déclaration.",
        ),
        Column(
            "explained",
            "string",
            "Explanation",
            "Explication",
            "Why published and computed fate differ, or which condition of the rule decided (docs/formats/rules.md).",
            "Pourquoi le sort proclamé diffère du sort calculé, ou quelle condition a décidé (docs/formats/rules.md).",
        ),
        Column(
            "overridden",
            "boolean",
            "Overridden",
            "Dérogation",
            "Funded (true) or not (false) by a decision against the tally.",
            "Financée (vrai) ou non (faux) par une décision contraire au dépouillement.",
        ),
    ),
    ("step", "position"),
    _rows,
)
