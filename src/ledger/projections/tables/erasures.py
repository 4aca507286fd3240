"""The table `erasures`: what was erased and why, who waited how long, what may not be erased, which keys are gone."""

from collections.abc import Iterator
from typing import Final, cast

from ledger.projections.readings.erasure_register import erasure_register
from ledger.projections.readings.reading import Reading
from ledger.projections.tables.table import Cell, Column, Table

_COLUMNS: Final = (
    Column(
        "what",
        "string",
        "What",
        "Quoi",
        "`erasure`, `legal_hold`, `key_destroyed`, `redaction` or `request`.",
        "erasure (effacement), legal_hold (gel légal), key_destroyed (clé détruite), redaction (retrait sur décision de justice) ou "
        "request (demande).",
    ),
    Column("seq", "integer", "Seq", "Rang", "Where its first event stands in the log.", "Rang de son premier événement."),
    Column("at", "datetime", "At", "Date", "When that was, in UTC; of requests the hour.", "Date, en UTC ; heure seule pour les demandes."),
    Column("ref", "string", "Reference", "Référence", "Name of the request or hold.", "Nom de la demande ou du gel."),
    Column("entry", "integer", "Entry", "Entrée", "Seq of the entry erased from, or redacted.", "Rang de l'entrée effacée ou retirée."),
    Column("stream", "string", "Stream", "Flux", "The stream that this entry is in.", "Flux de cette entrée."),
    Column("fields", "integer", "Fields", "Champs", "How many of its fields are erased.", "Nombre de champs effacés."),
    Column(
        "extent",
        "string",
        "Extent",
        "Étendue",
        "What a request asks for: `field`, `content` or `participant`.",
        "Ce que la demande vise : field (champ), content (contenu) ou participant.",
    ),
    Column(
        "target",
        "string",
        "Target",
        "Cible",
        "The content that a request or hold is about; empty where it is about more.",
        "Contenu visé par la demande ou le gel ; vide si elle vise plus.",
    ),
    Column(
        "scope",
        "string",
        "Scope",
        "Portée",
        "Whose pseudonyms can no longer be made: `author`, `report`, or a step.",
        "Portée des pseudonymes devenus impossibles à recalculer : author, report ou une étape.",
    ),
    Column("ground", "string", "Ground", "Fondement", "The reason as a code.", "La raison, sous forme de code."),
    Column("request", "string", "Request", "Demande", "The request that the erasure answers.", "Demande à laquelle l'effacement répond."),
    Column("authority", "string", "Authority", "Autorité", "The order that it follows.", "Injonction qui est exécutée."),
    Column("role", "string", "Role", "Rôle", "In which role it was posted.", "Rôle au titre duquel il a été déposé."),
    Column("via", "string", "Client", "Client", "Which client posted it.", "Client qui l'a déposé."),
    Column(
        "state",
        "string",
        "State",
        "État",
        "Of requests `waiting` or `answered`, of holds `standing` or `lifted`.",
        "Demandes : waiting (en attente) ou answered (satisfaite) ; gels : standing (en vigueur) ou lifted (levé).",
    ),
    Column("entries", "integer", "Entries", "Entrées", "Entries erased from because of the request.", "Entrées effacées à cette demande."),
    Column(
        "ended_at",
        "datetime",
        "Ended",
        "Fin",
        "When a request had its first erasure, or a hold was lifted.",
        "Date du premier effacement d'une demande, ou de la levée d'un gel.",
    ),
    Column("end_code", "string", "End code", "Code de fin", "Why a hold was lifted, as a code.", "Raison de la levée, sous forme de code."),
    Column(
        "seconds",
        "integer",
        "Seconds",
        "Secondes",
        "How long the request waited or the hold stood; where it still does, up to the last entry.",
        "Durée d'attente ou de gel ; si elle court encore, jusqu'à la dernière entrée.",
    ),
)


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    source = reading.source
    for line in erasure_register(source.rows("erasures"), source.last_at):
        yield tuple(cast("Cell", line[column.name]) for column in _COLUMNS)


ERASURES = Table(
    "erasures",
    "Erasure register",
    "Registre des effacements",
    "Erasures by seq, then legal holds by reference, destroyed keys by scope, redactions by entry, and requests by reference. Nobody who "
    "asked is named.",
    "Effacements par rang, puis gels légaux, clés détruites, retraits et demandes, par référence, portée ou entrée. Aucun demandeur n'est "
    "nommé.",
    _COLUMNS,
    ("what", "seq"),
    _rows,
)
