"""The table `ballots`: the last event of every ballot, whether it counts, and what it chose, where that is public."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ledger.projections.readings.counting import entries_of
from ledger.projections.readings.outcomes import StepResult
from ledger.projections.readings.reading import Reading
from ledger.projections.source import Ballot, with_choices
from ledger.projections.tables.table import Cell, Column, Table
from ledger.projections.tables.turnout import held_back

MOST_KNOWN: Final = 2**17
"""How many different choices are kept written out."""

Line = Callable[[Ballot], tuple[Cell, ...]]


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    lines = {ref: _counted_line(result) if isinstance(result, StepResult) else _pending_line for ref, result in reading.results.items()}
    source = reading.source
    ballots = source.ballots()
    if any(result.step.row["disclosed"] is not None for result in reading.results.values()):
        ballots = with_choices(ballots, source.disclosed_choices(0, source.size))
    for ballot in ballots:
        yield lines.get(ballot.step, _pending_line)(ballot)


def _pending_line(ballot: Ballot) -> tuple[Cell, ...]:
    """Nothing is told of a ballot that is not counted yet but that it was cast."""
    reason = None if ballot.withdrawn is None else "withdrawn"
    return ballot.step, ballot.seq, ballot.actor, None, ballot.hour, ballot.revision, None, reason, None, None, None


def _counted_line(result: StepResult) -> Line:
    judge = result.count.counted.judge
    hidden = held_back(result.count.counted)
    refs = {candidate.item.position: candidate.item.ref for candidate in result.step.candidates}
    known: dict[bytes, tuple[str | None, int | None]] = {}

    def line(ballot: Ballot) -> tuple[Cell, ...]:
        step, actor, seq, revision, channel, hour, choices, _, _, unknown = ballot
        reason = judge.reason(ballot)
        text: str | None = None
        marks: int | None = None
        if choices is not None:
            found = known.get(choices)
            if found is None:
                found = choices_text(refs, choices)
                if len(known) < MOST_KNOWN:
                    known[choices] = found
            text, marks = found
        told = None if channel in hidden else channel
        return step, seq, actor, told, hour, revision, reason is None, reason, marks, text, unknown

    return line


def choices_text(refs: Mapping[int, str], choices: bytes) -> tuple[str | None, int | None]:
    """(choices, number of marks): references, `ref=value` where values belong to them, set apart by blanks; nothing of the impossible."""
    entries = entries_of(choices)
    if entries is None:
        return None, None
    try:
        # Nearly all ballots are positions that are on the paper.
        return " ".join([refs[entry] for entry in entries]), len(entries)  # type: ignore[index]  # a pair is no key
    except KeyError:
        names = [f"{_ref(refs, entry[0])}={entry[1]}" if isinstance(entry, tuple) else _ref(refs, entry) for entry in entries]
        return " ".join(names), len(entries)


def _ref(refs: Mapping[int, str], position: int) -> str:
    return refs.get(position, f"#{position}")


BALLOTS = Table(
    "ballots",
    "Ballots",
    "Bulletins",
    "The last event of every ballot, in the order of the log.",
    "Le dernier événement de chaque bulletin, dans l'ordre du registre.",
    (
        Column("step", "string", "Step", "Étape", "Reference of the step.", "Référence de l'étape."),
        Column("seq", "integer", "Seq", "Rang", "Where the event stands in the log.", "Rang de l'événement dans le registre."),
        Column(
            "pseudonym",
            "string",
            "Pseudonym",
            "Pseudonyme",
            "Name of the person within this step; it cannot be joined with that of another step.",
            "Nom de la personne dans cette étape, sans lien possible avec celui d'une autre étape.",
        ),
        Column(
            "channel",
            "string",
            "Channel",
            "Canal",
            "How the ballot reached the authority; empty until ballots are counted, and where the turnout of that channel is held back.",
            "Voie par laquelle le bulletin est parvenu ; vide avant le dépouillement, et quand la participation de ce canal est tue.",
        ),
        Column("hour", "datetime", "Hour", "Heure", "The hour of the event, in UTC.", "L'heure de l'événement, en UTC."),
        Column(
            "revision",
            "integer",
            "Revision",
            "Révision",
            "How many events this ballot has: 1 = cast once.",
            "Nombre d'événements de ce bulletin : 1 = déposé une seule fois.",
        ),
        Column(
            "counted",
            "boolean",
            "Counted",
            "Compté",
            "Whether it counts; empty as long as nothing is counted.",
            "Vide tant que rien n'est dépouillé.",
        ),
        Column(
            "reason",
            "string",
            "Reason",
            "Motif",
            "Why it does not count (docs/formats/results.md).",
            "Pourquoi il n'est pas compté (docs/formats/results.md).",
        ),
        Column(
            "marks",
            "integer",
            "Marks",
            "Marques",
            "How many choices it has; 0 = blank; empty where they are not known.",
            "Nombre de choix ; 0 = blanc ; vide quand ils ne sont pas connus.",
        ),
        Column(
            "choices",
            "string",
            "Choices",
            "Choix",
            "References of proposals, set apart by blanks, as ref=value where the form has values; ranked ballots best first.",
            "Références des propositions séparées par des espaces, sous la forme ref=valeur s'il y a des valeurs ; préférences en tête.",
        ),
        Column(
            "unknown_entries",
            "integer",
            "Unknown entries",
            "Marques inconnues",
            "Marks of an imported ballot that name nothing on the ballot paper.",
            "Marques d'un bulletin importé qui ne désignent rien sur la liste.",
        ),
    ),
    ("seq",),
    _rows,
)
