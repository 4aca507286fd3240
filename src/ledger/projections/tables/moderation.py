"""The table `moderation`: every decision ever made against a content or an author, with what came of it."""

from collections.abc import Iterator
from typing import cast

from ledger.canonical import JsonValue
from ledger.projections.projection import Row
from ledger.projections.readings.moderation_register import register, with_contents
from ledger.projections.readings.reading import Reading
from ledger.projections.source import Source
from ledger.projections.tables.table import Cell, Column, Table

Json = dict[str, JsonValue]


def _rows(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    source = reading.source
    contents = _contents(source)
    for line in with_contents(register(source.rows("moderation"), source.last_at), contents.get):
        yield _cells(reading, line)


def _contents(source: Source) -> dict[str, Row]:
    """The rows of what was moderated, by target."""
    wanted = {key for key, row in source.rows("moderation") if row["decisions"]}
    found: dict[str, Row] = {}
    for projection, family in (("contributions", "contribution"), ("arguments", "argument")):
        for key, row in source.rows(projection):
            if f"{family}/{key}" in wanted:
                found[f"{family}/{key}"] = row
    return found


def _cells(reading: Reading, line: Json) -> tuple[Cell, ...]:
    appeal, undone = (part if isinstance(part := line[name], dict) else {} for name in ("appeal", "undone"))
    by_motive = cast("dict[str, int]", line["reports_by_motive"])
    return (
        *(_cell(line, name) for name in ("target", "seq", "at", "kind", "author", "decision", "trash", "motive", "rule_ref", "code")),
        reading.words(line["reason"]) or None,
        *(_cell(line, name) for name in ("role", "via", "moderator", "origin", "opened_at", "reports")),
        " ".join(f"{motive}={by_motive[motive]}" for motive in sorted(by_motive)) or None,
        *(_cell(line, name) for name in ("first_reported_at", "until", "stances", "because_of", "notified_at")),
        _cell(appeal, "lodged_at"),
        reading.words(appeal.get("details")) or None,
        *(_cell(appeal, name) for name in ("decided_at", "outcome", "code")),
        reading.words(appeal.get("reason")) or None,
        *(_cell(appeal, name) for name in ("role", "judge")),
        *(_cell(undone, name) for name in ("seq", "at")),
        _cell(undone, "because") or _cell(undone, "code"),
        reading.words(undone.get("reason")) or None,
        *(_cell(undone, name) for name in ("role", "moderator")),
        *(_cell(line, name) for name in ("state", "ended_at", "overdue", "seconds")),
    )


def _cell(of: Json, name: str) -> Cell:
    return cast("Cell", of.get(name))


MODERATION = Table(
    "moderation",
    "Moderation register",
    "Registre de modération",
    "Every decision ever made against a content or an author, by target and seq. Restoring undoes a decision and removes no row.",
    "Toutes les décisions prises contre un contenu ou un auteur, par cible puis rang. Un rétablissement n'efface aucune ligne.",
    (
        Column(
            "target",
            "string",
            "Target",
            "Cible",
            "Name of the stream of the content, or `suspension/` and the author's pseudonym.",
            "Nom du flux du contenu, ou suspension/ suivi du pseudonyme de l'auteur.",
        ),
        Column("seq", "integer", "Seq", "Rang", "Where the decision stands in the log.", "Rang de la décision dans le registre."),
        Column("at", "datetime", "At", "Date", "When it was made, in UTC.", "Date de la décision, en UTC."),
        Column(
            "kind",
            "string",
            "Kind",
            "Type",
            "Kind of the contribution, `argument`, or `participant`.",
            "Type de la contribution, argument, ou participant.",
        ),
        Column(
            "author",
            "string",
            "Author",
            "Auteur",
            "Pseudonym of the content's author, or of who is suspended; empty where nobody is named.",
            "Pseudonyme de l'auteur du contenu ou de la personne suspendue ; vide si personne n'est nommé.",
        ),
        Column(
            "decision",
            "string",
            "Decision",
            "Décision",
            "`hidden`, `limited`, `dismissed` (reports that lead to nothing) or `suspended`.",
            "hidden (masqué), limited (à la corbeille), dismissed (signalements classés) ou suspended (suspension).",
        ),
        Column(
            "trash",
            "string",
            "Trash",
            "Corbeille",
            "Whether limited content is readable there: `visible` or `invisible`.",
            "Contenu lisible (visible) ou non (invisible) dans la corbeille.",
        ),
        Column("motive", "string", "Motive", "Motif", "The declared reason, as a code.", "Motif déclaré, sous forme de code."),
        Column("rule_ref", "string", "Rule", "Règle", "Where the charter has the rule.", "Règle de la charte."),
        Column("code", "string", "Code", "Code", "Why reports were dismissed, as a code.", "Raison du classement, sous forme de code."),
        Column(
            "reason",
            "string",
            "Reason",
            "Explication",
            "The reason in words, where it may be shown.",
            "L'explication, quand elle peut être montrée.",
            free=True,
        ),
        Column("role", "string", "Role", "Rôle", "In which role it was decided.", "Rôle au titre duquel la décision a été prise."),
        Column("via", "string", "Client", "Client", "Which client posted it.", "Client qui l'a déposée."),
        Column(
            "moderator",
            "string",
            "Moderator",
            "Modérateur",
            "Pseudonym of who decided; `client:` and its name where no person is named.",
            "Pseudonyme de qui a décidé ; client: suivi du nom si personne n'est nommé.",
        ),
        Column(
            "origin",
            "string",
            "Origin",
            "Origine",
            "What the case began with (`reports`, `moderator`, `court`, `machine`); empty where the decision opened it.",
            "Ce qui a ouvert le dossier (reports, moderator, court, machine) ; vide si c'est la décision.",
        ),
        Column("opened_at", "datetime", "Case opened", "Ouverture du dossier", "When the case was opened.", "Date d'ouverture du dossier."),
        Column("reports", "integer", "Reports", "Signalements", "Reports made before the decision.", "Signalements antérieurs."),
        Column(
            "reports_by_motive",
            "string",
            "Reports by motive",
            "Signalements par motif",
            "The same as motive=number, set apart by blanks.",
            "Les mêmes sous la forme motif=nombre, séparés par des espaces.",
        ),
        Column(
            "first_reported_at",
            "datetime",
            "First report",
            "Premier signalement",
            "Hour of the first report ever made of it.",
            "Heure du tout premier signalement.",
        ),
        Column("until", "datetime", "Until", "Jusqu'au", "The end that was announced.", "Fin annoncée."),
        Column(
            "stances",
            "string",
            "Stances",
            "Prises de position",
            "Whether stances on the content count meanwhile: `counted` or `not_counted`.",
            "Prises de position comptées (counted) ou non (not_counted) entre-temps.",
        ),
        Column(
            "because_of",
            "string",
            "Because of",
            "À cause de",
            "The content that led to a suspension.",
            "Contenu à l'origine d'une suspension.",
        ),
        Column("notified_at", "datetime", "Notified", "Notification", "When the author was told.", "Date d'information de l'auteur."),
        Column(
            "appeal_lodged_at",
            "datetime",
            "Appeal lodged",
            "Recours déposé",
            "Hour of the author's appeal.",
            "Heure du recours de l'auteur.",
        ),
        Column(
            "appeal_details",
            "string",
            "Appeal",
            "Recours",
            "What the author said, where it may be shown.",
            "Ce qu'en dit l'auteur, quand cela peut être montré.",
            free=True,
        ),
        Column(
            "appeal_decided_at",
            "datetime",
            "Appeal decided",
            "Recours jugé",
            "When the appeal was decided.",
            "Date de la décision sur recours.",
        ),
        Column("appeal_outcome", "string", "Outcome", "Issue", "`upheld` or `reversed`.", "upheld (confirmée) ou reversed (annulée)."),
        Column("appeal_code", "string", "Outcome code", "Code de l'issue", "Its reason as a code.", "Raison, sous forme de code."),
        Column(
            "appeal_reason",
            "string",
            "Outcome reason",
            "Explication de l'issue",
            "Its reason in words, where it may be shown.",
            "Raison en toutes lettres, quand elle peut être montrée.",
            free=True,
        ),
        Column("judge_role", "string", "Judge's role", "Rôle du juge", "In which role the appeal was decided.", "Rôle du juge du recours."),
        Column(
            "judge",
            "string",
            "Judge",
            "Juge",
            "Who decided the appeal, named like `moderator`; never the moderator.",
            "Qui a jugé le recours, nommé comme le modérateur, et toujours un autre.",
        ),
        Column("undone_seq", "integer", "Undone (seq)", "Levée (rang)", "Where the undoing stands in the log.", "Rang de la levée."),
        Column(
            "undone_at",
            "datetime",
            "Undone",
            "Levée",
            "When the content was restored, or the author readmitted.",
            "Date du rétablissement ou de la réadmission.",
        ),
        Column(
            "undone_because",
            "string",
            "Undone because",
            "Raison de la levée",
            "`appeal`, `mistake`, `expired`, `revised`; the code of a readmission; `replaced` by the next suspension.",
            "appeal, mistake, expired, revised ; le code d'une réadmission ; replaced si une autre suspension la remplace.",
        ),
        Column(
            "undone_reason",
            "string",
            "Undoing in words",
            "Explication de la levée",
            "The reason in words, where it may be shown.",
            "L'explication, quand elle peut être montrée.",
            free=True,
        ),
        Column("undone_role", "string", "Undone in role", "Rôle (levée)", "In which role it was undone.", "Rôle au titre de la levée."),
        Column(
            "undone_by", "string", "Undone by", "Levée par", "Who undid it, named like `moderator`.", "Auteur de la levée, nommé de même."
        ),
        Column(
            "state",
            "string",
            "State",
            "État",
            "`standing`, `ended`, or `dismissed`.",
            "standing (en vigueur), ended (terminée) ou dismissed (classée).",
        ),
        Column(
            "ended_at",
            "datetime",
            "Ended",
            "Fin",
            "When it ended: undone, or, a suspension, by its time.",
            "Date de fin : levée, ou terme d'une suspension.",
        ),
        Column(
            "overdue",
            "boolean",
            "Overdue",
            "Échue",
            "True where its announced end has passed and it still stands.",
            "Vrai si le terme annoncé est passé et qu'elle est encore en vigueur.",
        ),
        Column(
            "seconds",
            "integer",
            "Seconds",
            "Secondes",
            "How long it stood; of what still stands, up to the last entry.",
            "Durée ; pour ce qui est en vigueur, jusqu'à la dernière entrée.",
        ),
    ),
    ("target", "seq"),
    _rows,
)
