"""The table `tallies`: what stances on each target add up to, and its place by the method that its step declared."""

from collections.abc import Iterator, Mapping

from ledger.projections.readings.ranking import Place, ranked_steps
from ledger.projections.readings.reading import Reading
from ledger.projections.readings.tally import declared_by
from ledger.projections.tables.table import Cell, Column, Table


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    declared = declared_by(reading.source)
    for step, places in ranked_steps(reading.source, declared).items():
        for place in places:
            yield step, *_line(place, declared[step].ranking)


def _line(place: Place, method: str) -> tuple[Cell, ...]:
    tally, row, counts = place.tally, place.tally.row, place.tally.counts
    about = (tally.target, row["kind"], row.get("text"), row.get("section"), row.get("about"), row.get("side"))
    state = (tally.state, row.get("decision"), tally.is_counted, tally.scale)
    score = (place.rank, method, place.score.exact, place.score.decimal)
    values = (counts.stances, *counts, written(tally.values), row["version"], *tally.current, written(tally.casts))
    return *about, *state, *score, *values, row["participants"], row["changes"], row["withdrawals"]


def written(values: Mapping[str, int]) -> str | None:
    """`agree=3 mixed=0 disagree=1`, in the order given; None where there are no values."""
    return " ".join(f"{value}={count}" for value, count in values.items()) or None


def _count(name: str, english: str, french: str, meaning: str, sens: str) -> Column:
    return Column(name, "integer", english, french, meaning, sens)


TALLIES = Table(
    "tallies",
    "Tallies and ranking",
    "Décomptes et classement",
    "Everything that a step takes stances on, by step, kind and rank; what has no rank stands last, by target.",
    "Tout ce sur quoi une étape permet de prendre position, par étape, type et rang ; ce qui n'a pas de rang vient en dernier, par objet.",
    (
        Column("step", "string", "Step", "Étape", "Reference of the step.", "Référence de l'étape."),
        Column(
            "target",
            "string",
            "Target",
            "Objet",
            "What it is about: contribution/<reference> or argument/<reference>.",
            "Ce dont il s'agit : contribution/<référence> ou argument/<référence>.",
        ),
        Column("kind", "string", "Kind", "Type", "Kind of contribution, or `argument`.", "Type de contribution, ou argument."),
        Column("text", "string", "Text", "Texte", "Reference of the text that it is about.", "Référence du texte concerné."),
        Column("section", "string", "Section", "Section", "Reference of the section.", "Référence de la section."),
        Column(
            "about", "string", "About", "Concerne", "Reference of the contribution that it is about.", "Référence de la contribution visée."
        ),
        Column("side", "string", "Side", "Sens", "Of an argument: `for` or `against`.", "D'un argument : for (pour) ou against (contre)."),
        Column(
            "state",
            "string",
            "State",
            "État",
            "`stands`, `withdrawn`, `merged` or `split`; without a rank unless it stands.",
            "stands (en lice), withdrawn (retirée), merged (fusionnée) ou split (scindée) ; sans rang dans les trois derniers cas.",
        ),
        Column(
            "decision",
            "string",
            "Decision",
            "Décision",
            "Of moderation, while it stands: `hidden` or `limited`.",
            "De modération, tant qu'elle vaut : hidden (masqué) ou limited (corbeille).",
        ),
        Column(
            "counted",
            "boolean",
            "Counted",
            "Compté",
            "False while a decision says that stances on it do not count; it has no rank then.",
            "Faux tant qu'une décision écarte ces positions ; sans rang alors.",
        ),
        Column("scale", "string", "Scale", "Échelle", "Scale of the stances.", "Échelle des positions."),
        _count(
            "rank",
            "Rank",
            "Rang",
            "Place among its kind in the step; equals share it.",
            "Rang parmi celles de son type dans l'étape ; partagé en cas d'égalité.",
        ),
        Column(
            "method",
            "string",
            "Method",
            "Méthode",
            "That the step declared: `net`, `ratio`, `wilson` or `controversy`.",
            "Celle déclarée par l'étape : net, ratio, wilson ou controversy.",
        ),
        Column(
            "score",
            "string",
            "Score",
            "Score",
            "Exact, as num/den; empty for `wilson`, which is irrational.",
            "Exact, en num/den ; vide pour wilson, irrationnel.",
        ),
        Column(
            "decimal", "string", "Decimal", "Décimal", "The score to six places, rounded down.", "Le score à six décimales, par défaut."
        ),
        _count("stances", "Stances", "Positions", "People who have a stance on it now.", "Personnes ayant une position à ce jour."),
        _count("positive", "For", "Pour", "Those for it.", "Celles qui sont pour."),
        _count("neutral", "In between", "Entre les deux", "Those in between, or who passed.", "Celles qui sont mitigées, ou passent."),
        _count("negative", "Against", "Contre", "Those against it.", "Celles qui sont contre."),
        Column(
            "values",
            "string",
            "Values",
            "Valeurs",
            "People by value of the scale, as value=number.",
            "Personnes par valeur de l'échelle, en valeur=nombre.",
        ),
        _count(
            "version", "Version", "Version", "The present one of its text; 1 = as submitted.", "Version actuelle du texte ; 1 = déposée."
        ),
        _count("current_positive", "For now", "Pour (version)", "Those for it who addressed that version.", "Pour, sur cette version."),
        _count(
            "current_neutral", "In between now", "Entre les deux (version)", "In between, on that version.", "Mitigées, sur cette version."
        ),
        _count("current_negative", "Against now", "Contre (version)", "Against it, on that version.", "Contre, sur cette version."),
        Column(
            "casts",
            "string",
            "Casts",
            "Votes émis",
            "How often each value was taken, changes included, as value=number.",
            "Combien de fois chaque valeur a été choisie, changements compris, en valeur=nombre.",
        ),
        _count(
            "participants", "Participants", "Personnes", "People who ever took a stance on it.", "Personnes ayant un jour pris position."
        ),
        _count("changes", "Changes", "Changements", "How often somebody took another stance.", "Nombre de changements de position."),
        _count("withdrawals", "Withdrawals", "Retraits", "How often somebody took one back.", "Nombre de retraits de position."),
    ),
    ("target",),
    _rows,
)
