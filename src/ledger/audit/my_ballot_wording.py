"""What became of one's own ballot, in words, English and French."""

from typing import Final, cast

from ledger.audit.language import Language, Words
from ledger.audit.my_ballot import BallotReport, Verdict
from ledger.canonical import JsonValue

VERDICTS: Final[dict[Verdict, Words]] = {
    "no_step": {
        "en": "The package has no ballot step of this name whose rules were set.",
        "fr": "Le paquet n'a pas d'étape de vote de ce nom dont les règles aient été fixées.",
    },
    "failed": {
        "en": "The package does not hold together, so nothing can be said by it: run `ledger verify` on it.",
        "fr": "Le paquet ne tient pas debout et ne permet aucune conclusion : passez-le à `ledger verify`.",
    },
    "unreadable": {"en": "The file cannot be read as a package.", "fr": "Le fichier ne peut être lu comme un paquet."},
}

STATUSES: Final[dict[str, Words]] = {
    "counted": {"en": "Your ballot is counted.", "fr": "Votre bulletin est compté."},
    "not_counted": {"en": "Your ballot is not counted: {why}.", "fr": "Votre bulletin n'est pas compté : {why}."},
    "not_yet_counted": {
        "en": "Your ballot is recorded, and not counted yet: {why}.",
        "fr": "Votre bulletin est enregistré, et pas encore compté : {why}.",
    },
    "marked_present": {
        "en": "There is no ballot under your name, but you were marked as having voted ({channel}, entry {seq}).",
        "fr": "Il n'y a pas de bulletin à votre nom, mais vous avez été émargé·e comme ayant voté ({channel}, inscription {seq}).",
    },
    "nobody_used_this_name": {
        "en": "Nobody has voted under your name in this step.",
        "fr": "Personne n'a voté sous votre nom dans cette étape.",
    },
}

CODES: Final[dict[str, Words]] = {
    "step_open": {"en": "the vote is open", "fr": "le vote est ouvert"},
    "paper_open": {"en": "paper ballots are still being keyed in", "fr": "la saisie des bulletins papier n'est pas terminée"},
    "sealed": {"en": "the choices have not been disclosed", "fr": "les choix n'ont pas été divulgués"},
    "not_drawn": {"en": "the lot that breaks ties has not been drawn", "fr": "le tirage au sort qui départage n'a pas eu lieu"},
    "not_open": {"en": "the vote has not opened", "fr": "le vote n'est pas ouvert"},
    "never_open": {"en": "the vote never opened", "fr": "le vote n'a jamais été ouvert"},
    "withdrawn": {"en": "it was taken back", "fr": "il a été retiré"},
    "after_close": {"en": "it came after the closing", "fr": "il est arrivé après la clôture"},
    "not_on_roll": {"en": "the name is not on the roll", "fr": "le nom n'est pas sur la liste"},
    "paper_attendance": {"en": "a vote on paper was marked under this name", "fr": "un vote papier a été émargé sous ce nom"},
    "undisclosed": {"en": "its choices were not disclosed with the others", "fr": "ses choix n'ont pas été divulgués avec les autres"},
    "invalid": {"en": "its choices are not possible by the rules", "fr": "ses choix ne sont pas possibles selon les règles"},
    "invalid_after_disclosure": {
        "en": "its choices, once disclosed, are not possible by the rules",
        "fr": "ses choix, une fois divulgués, ne sont pas possibles selon les règles",
    },
    "under_minimum": {"en": "it has fewer choices than the rules ask for", "fr": "il a moins de choix que les règles n'en demandent"},
    "redacted": {"en": "it was redacted by order of an authority", "fr": "il a été occulté sur ordre d'une autorité"},
}

_BECAME: Final[dict[str, Words]] = {
    "last": {"en": "", "fr": ""},
    "replaced": {"en": ", replaced later", "fr": ", remplacé ensuite"},
    "withdrawn": {"en": ", taken back later", "fr": ", retiré ensuite"},
}
_BY_SOMEBODY_ELSE: Final[Words] = {"en": ", posted by somebody for you ({role})", "fr": ", déposé par quelqu'un pour vous ({role})"}
_ENTRY: Final[Words] = {"en": "entry {seq}: {type}", "fr": "inscription {seq} : {type}"}
_CHOICES: Final[Words] = {"en": "Choices: {choices}", "fr": "Choix : {choices}"}
_BLANK: Final[Words] = {"en": "blank", "fr": "blanc"}
_ROLL: Final[dict[bool, Words]] = {
    True: {"en": "Your name is on the roll.", "fr": "Votre nom est sur la liste."},
    False: {"en": "Your name is not on the roll.", "fr": "Votre nom n'est pas sur la liste."},
}
_NAME: Final[Words] = {"en": "Your name in this step is {pseudonym}.", "fr": "Votre nom dans cette étape est {pseudonym}."}
OWN_KEY: Final[Words] = {
    "en": "The key came with the package. Give the log's key with --key, from a place that you trust: only then is it known who signed.",
    "fr": "La clé est venue avec le paquet. Donnez celle du registre avec --key, d'une source sûre : alors seulement on sait qui a signé.",
}


def lines(report: BallotReport, language: Language) -> list[str]:
    """The outcome, a sentence on each line."""
    if report.ballot is None:
        return [VERDICTS[report.verdict][language], *(f"{fault.check}: {fault.place}: {fault.found}" for fault in report.faults)]
    ballot = report.ballot
    code, attended = ballot["code"], ballot["attended"]
    why = CODES[code][language] if isinstance(code, str) and code in CODES else str(code)
    said = STATUSES[str(ballot["status"])][language].format(why=why, **(attended if isinstance(attended, dict) else {}))
    told = [said, _NAME[language].format(**ballot)]
    if isinstance(ballot["on_roll"], bool):
        told.append(_ROLL[ballot["on_roll"]][language])
    told += [_entry(entry, language) for entry in cast("list[dict[str, JsonValue]]", ballot["entries"])]
    if ballot["choices"] is not None:
        told.append(_CHOICES[language].format(choices=ballot["choices"] or _BLANK[language]))
    return told


def _entry(entry: dict[str, JsonValue], language: Language) -> str:
    told = _ENTRY[language].format(**entry)
    if "at" in entry:
        told += f", {entry['at']}, {entry['channel']}, {entry['via']}"
    told += _BECAME[str(entry["became"])][language]
    return told + (_BY_SOMEBODY_ELSE[language].format(**entry) if entry.get("by_somebody_else") else "")
