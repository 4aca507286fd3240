"""A report in words, English and French: what is proven, what is wrong, what was not looked at, and what no check can show."""

from typing import Final

from ledger.audit.findings import Finding, NotChecked, Stage
from ledger.audit.language import Language, Words
from ledger.audit.ledger_wording import LEDGER_CHECKS
from ledger.audit.report import Report
from ledger.canonical import JsonValue

VERDICTS: Final[dict[str, Words]] = {
    "verified": {"en": "Verified", "fr": "Vérifié"},
    "failed": {"en": "Not verified", "fr": "Non vérifié"},
    "unreadable": {"en": "Unreadable", "fr": "Illisible"},
}

HEADINGS: Final[dict[str, Words]] = {
    "log": {"en": "Log", "fr": "Registre"},
    "entries": {"en": "Entries", "fr": "Inscriptions"},
    "root": {"en": "Root", "fr": "Racine"},
    "key": {"en": "Key", "fr": "Clé"},
    "proven": {"en": "What is proven", "fr": "Ce qui est prouvé"},
    "wrong": {"en": "What is wrong", "fr": "Ce qui ne va pas"},
    "notices": {"en": "Worth knowing", "fr": "À savoir"},
    "results": {"en": "Results", "fr": "Résultats"},
    "published": {
        "en": "Published counts that are not what the acts come to",
        "fr": "Comptages publiés qui ne sont pas ce que donnent les actes",
    },
    "witnessed": {"en": "Who stands by it from outside", "fr": "Qui s'en porte garant du dehors"},
    "not_checked": {"en": "What was not checked", "fr": "Ce qui n'a pas été vérifié"},
    "beyond": {"en": "What no such check can show", "fr": "Ce qu'aucune vérification de ce genre ne peut montrer"},
    "expected": {"en": "expected", "fr": "attendu"},
    "found": {"en": "found", "fr": "trouvé"},
}

STAGES: Final[dict[Stage, Words]] = {
    "reading": {"en": "Reading", "fr": "Lecture"},
    "integrity": {"en": "Integrity", "fr": "Intégrité"},
    "lawfulness": {"en": "Lawfulness", "fr": "Régularité"},
    "results": {"en": "Results", "fr": "Résultats"},
    "older": {"en": "Older package", "fr": "Paquet antérieur"},
}

_PROVEN: Final[dict[Stage, Words]] = {
    "reading": {
        "en": "Every file of the package could be read back whole.",
        "fr": "Chaque fichier du paquet a pu être relu en entier.",
    },
    "integrity": {
        "en": "All {size} entries are those that the ledger signed: none was changed, added, left out or moved. Every file is unaltered.",
        "fr": "Les {size} inscriptions sont celles que le registre a signées : aucune n'a été modifiée, ajoutée, omise ou déplacée. "
        "Chaque fichier est intact.",
    },
    "lawfulness": {
        "en": "Every event was lawful at its place: each was admitted again by the project's own rules, in the order of the log.",
        "fr": "Chaque événement était régulier à sa place : tous ont été admis à nouveau selon les règles du projet, dans l'ordre du "
        "registre.",
    },
    "results": {
        "en": "Every table and every result follows from the entries: all ballots were counted again, and every line compared.",
        "fr": "Chaque tableau et chaque résultat découle des inscriptions : tous les bulletins ont été recomptés et chaque ligne comparée.",
    },
    "older": {
        "en": "The older package is a beginning of this one: nothing that it holds was rewritten since.",
        "fr": "Le paquet antérieur est un début de celui-ci : rien de ce qu'il contient n'a été réécrit depuis.",
    },
}

BEYOND: Final[Words] = {
    "en": "Whether those who voted exist and were free to choose, and whether something was never sent to the ledger. Receipts, the sealed "
    "roll and witnesses are for that.",
    "fr": "Si ceux qui ont voté existent et étaient libres de leur choix, et si quelque chose n'a jamais été transmis au registre. Les "
    "récépissés, la liste d'émargement scellée et les témoins servent à cela.",
}

_UNPROVEN_ORIGIN: Final[Words] = {
    "en": "The key came with the package. What it holds is consistent, but of unproven origin: anybody could have made and signed it. "
    "Give the ledger's key with --key, from a place that you trust.",
    "fr": "La clé est venue avec le paquet. Son contenu est cohérent, mais d'origine non prouvée : n'importe qui aurait pu le fabriquer et "
    "le signer. Donnez la clé du registre avec --key, prise là où vous lui faites confiance.",
}

_CHECKS: Final[dict[str, Words]] = {
    "package-unreadable": {"en": "This is no package, or it was cut short", "fr": "Ce n'est pas un paquet, ou il a été tronqué"},
    "package-unsafe": {"en": "The zip is not safe to open", "fr": "Le zip n'est pas sûr à ouvrir"},
    "file-damaged": {"en": "A file cannot be read back", "fr": "Un fichier ne peut être relu"},
    "file-missing": {"en": "A file is missing", "fr": "Un fichier manque"},
    "file-unknown": {"en": "A file does not belong here", "fr": "Un fichier n'a rien à faire ici"},
    "file-unstated": {"en": "A file is not listed in datapackage.json", "fr": "Un fichier n'est pas cité dans datapackage.json"},
    "file-digest": {"en": "A file was altered", "fr": "Un fichier a été altéré"},
    "file-differs": {"en": "A file does not follow from the entries", "fr": "Un fichier ne découle pas des inscriptions"},
    "parquet-differs": {"en": "A Parquet file has another value", "fr": "Un fichier Parquet a une autre valeur"},
    "manifest": {"en": "datapackage.json is damaged", "fr": "datapackage.json est abîmé"},
    "package-format": {"en": "The package states no format that is known", "fr": "Le paquet n'indique aucun format connu"},
    "signature": {"en": "The ledger's signature is missing or wrong", "fr": "La signature du registre manque ou est fausse"},
    "key-differs": {"en": "The package brings another key", "fr": "Le paquet apporte une autre clé"},
    "malformed-note": {"en": "The checkpoint is damaged", "fr": "Le point de contrôle est abîmé"},
    "malformed-vkey": {"en": "The key in the package is damaged", "fr": "La clé du paquet est abîmée"},
    "checkpoint-extended": {"en": "The checkpoint says more than it may", "fr": "Le point de contrôle en dit trop"},
    "size": {"en": "Entries are missing or too many", "fr": "Des inscriptions manquent ou sont en trop"},
    "root": {"en": "The entries are not those that were signed", "fr": "Les inscriptions ne sont pas celles qui ont été signées"},
    "tile": {"en": "An entry is not the one that was hashed", "fr": "Une inscription n'est pas celle dont l'empreinte a été prise"},
    "entry-malformed": {"en": "A line is no entry", "fr": "Une ligne n'est pas une inscription"},
    "entry-not-canonical": {
        "en": "An entry is not written as a ledger writes",
        "fr": "Une inscription n'est pas écrite comme un registre l'écrit",
    },
    "entry-misplaced": {"en": "An entry is not in its place", "fr": "Une inscription n'est pas à sa place"},
    "entry-of-another-log": {"en": "An entry is from another log", "fr": "Une inscription vient d'un autre registre"},
    "commitment-unexplained": {
        "en": "Something is withheld, and nothing says why",
        "fr": "Quelque chose est retenu, et rien ne dit pourquoi",
    },
    "disclosure-withheld": {
        "en": "A text is shown although a moderator has hidden it",
        "fr": "Un texte est montré alors qu'un modérateur l'a masqué",
    },
    "disclosure-erased": {
        "en": "A text is shown although the log says that it was erased",
        "fr": "Un texte est montré alors que le registre dit qu'il a été effacé",
    },
    "erasure-unmatched": {
        "en": "An erasure names a text that its entry never held",
        "fr": "Un effacement nomme un texte que son inscription n'a jamais contenu",
    },
    "erasure-misplaced": {
        "en": "An erasure says that it is about something else than it is",
        "fr": "Un effacement dit porter sur autre chose que ce qu'il efface",
    },
    "redacted": {"en": "An entry is withheld by order of a court", "fr": "Une inscription est retenue par décision de justice"},
    "redaction-unexplained": {
        "en": "An entry is withheld, and no later entry says on whose order",
        "fr": "Une inscription est retenue, et aucune autre ne dit par quel ordre",
    },
    "redaction-malformed": {
        "en": "What is said to be left of a withheld entry is damaged",
        "fr": "Ce qui resterait d'une inscription retenue est abîmé",
    },
    "redaction-unfit": {
        "en": "An entry is withheld that never may be",
        "fr": "Une inscription est retenue qui ne doit jamais l'être",
    },
    "redaction-disregarded": {
        "en": "An entry is shown although a court ordered to withhold it",
        "fr": "Une inscription est montrée malgré l'ordre de la retenir",
    },
    "disclosure-redacted": {
        "en": "A text of a withheld entry is shown",
        "fr": "Un texte d'une inscription retenue est montré",
    },
    "result-not-replayable": {
        "en": "A result rests on a withheld entry, and cannot be counted again as it was",
        "fr": "Un résultat repose sur une inscription retenue et ne peut être recompté tel qu'il était",
    },
    "keys-overdue": {
        "en": "Keys of pseudonyms were still there after the date announced for their destruction",
        "fr": "Des clés de pseudonymes existaient encore après la date annoncée de leur destruction",
    },
    "digest-differs": {
        "en": "A text is not the one whose fingerprint the entry states",
        "fr": "Un texte n'est pas celui dont l'inscription donne l'empreinte",
    },
    "disclosure-unmatched": {"en": "A text is not the one committed to", "fr": "Un texte n'est pas celui de l'engagement"},
    "disclosure-malformed": {"en": "A line of disclosures is damaged", "fr": "Une ligne des divulgations est abîmée"},
    "disclosure-misplaced": {"en": "A disclosure of an entry that is not there", "fr": "La divulgation d'une inscription absente"},
    "disclosure-misnamed": {"en": "A disclosure goes by another name", "fr": "Une divulgation porte un autre nom"},
    "disclosure-order": {"en": "Disclosures are not in order", "fr": "Les divulgations ne sont pas dans l'ordre"},
    "disclosure-private": {"en": "Something private is disclosed", "fr": "Quelque chose de privé est divulgué"},
    "commitments-order": {"en": "Commitments are not in order", "fr": "Les engagements ne sont pas dans l'ordre"},
    "disclosed-early": {"en": "Sealed choices are disclosed too early", "fr": "Des choix scellés sont divulgués trop tôt"},
    "disclosed-though-superseded": {"en": "Choices that were replaced are disclosed", "fr": "Des choix remplacés sont divulgués"},
    "disclosure-count": {"en": "Sealed ballots went missing or came to be", "fr": "Des bulletins scellés ont disparu ou sont apparus"},
    "disclosure-root": {"en": "Other sealed ballots than were cast", "fr": "D'autres bulletins scellés que ceux déposés"},
    "sealed-choices": {"en": "Sealed choices are not possible", "fr": "Des choix scellés sont impossibles"},
    "time-backwards": {"en": "Time runs backwards", "fr": "Le temps recule"},
    "time-too-fine": {"en": "A time is finer than it may be", "fr": "Une heure est plus précise que permis"},
    "time-invalid": {"en": "A time does not exist", "fr": "Une date n'existe pas"},
    "clock-off": {"en": "Not opened or closed at the announced time", "fr": "Ouvert ou clos à un autre moment qu'annoncé"},
    "clock-overdue": {"en": "The announced time passed and nothing happened", "fr": "Le moment annoncé est passé sans effet"},
    "clock-delayed": {"en": "Opened late, or closed late with a reason", "fr": "Ouvert en retard, ou clos en retard avec un motif"},
    "closed-early": {"en": "Closed before the announced time", "fr": "Clos avant le moment annoncé"},
    "result-winners": {"en": "Other winners than the ballots give", "fr": "D'autres lauréats que ceux des bulletins"},
    "result-digest": {"en": "Another result than the ballots give", "fr": "Un autre résultat que celui des bulletins"},
    "result-too-early": {"en": "A result before the count was possible", "fr": "Un résultat avant que le dépouillement soit possible"},
    "beacon-signature": {"en": "A lot was drawn from an invented round", "fr": "Un tirage au sort repose sur un tour inventé"},
    "engines-disagree": {"en": "Two counts of the same ballots differ", "fr": "Deux dépouillements des mêmes bulletins diffèrent"},
    "not-replayable": {"en": "The history cannot be replayed", "fr": "L'histoire ne peut être rejouée"},
    "not-countable": {"en": "No result follows from the entries", "fr": "Aucun résultat ne découle des inscriptions"},
    "older-root": {"en": "The past was rewritten", "fr": "Le passé a été réécrit"},
    "older-entries": {"en": "An entry of the past was rewritten", "fr": "Une inscription du passé a été réécrite"},
    "older-of-another-log": {"en": "The older package is of another log", "fr": "Le paquet antérieur est d'un autre registre"},
    "older-is-newer": {"en": "The older package is the newer one", "fr": "Le paquet antérieur est le plus récent"},
}
_OTHER: Final[dict[Stage, Words]] = {
    "reading": {"en": "A file cannot be used", "fr": "Un fichier est inutilisable"},
    "integrity": {"en": "The package does not hold together", "fr": "Le paquet ne se tient pas"},
    "lawfulness": {"en": "An event was not lawful", "fr": "Un événement n'était pas régulier"},
    "results": {"en": "A result does not follow", "fr": "Un résultat ne découle pas"},
    "older": {"en": "The older package does not fit", "fr": "Le paquet antérieur ne convient pas"},
}


def proven(report: Report, language: Language) -> list[str]:
    """One sentence for each stage that passed."""
    return [_PROVEN[stage][language].format(size=report.size) for stage, status in report.stages.items() if status == "passed"]


def title(finding: Finding, language: Language) -> str:
    """What kind of thing was found, in a few words, with its code."""
    words = _CHECKS.get(finding.check) or LEDGER_CHECKS.get(finding.check) or _OTHER[finding.stage]
    return f"{words[language]} ({finding.check})"


def told(finding: Finding, language: Language) -> str:
    """The finding in a line: what was expected, what was found."""
    return f"{HEADINGS['expected'][language]}: {finding.expected}; {HEADINGS['found'][language]}: {finding.found}"


def left_out(left: NotChecked, language: Language) -> str:
    """Something that was not looked at, in a sentence."""
    if left.code == "key-from-package":
        return _UNPROVEN_ORIGIN[language]
    return f"{left.what}: {left.why}"


def result_line(result: JsonValue, language: Language) -> str:
    """A result in short, in a line: `vote (greedy/1): 46 ballots counted, 11 not. Winners: …. As published.`"""
    match result:
        case {"step": step, "rule": rule, "winners": list(winners), "counted": counted, "not_counted": dict(others), "agrees": agrees}:
            names = ", ".join(str(winner) for winner in winners) or "–"
            left = sum(count for count in others.values() if isinstance(count, int))
            said = "" if agrees is None else " " + _AGREES["yes" if agrees else "no"][language]
            return _RESULT[language].format(step=step, rule=rule, counted=counted, left=left, names=names) + said
    raise AssertionError("a result in short has these fields")


def conclusion(report: Report, language: Language) -> str:
    """The verdict in one sentence."""
    if report.verdict == "verified":
        return _VERIFIED["given" if report.key == "given" else "from_package"][language]
    return _REFUSED[report.verdict][language]


_VERIFIED: Final[dict[str, Words]] = {
    "given": {
        "en": "The package is what the holder of this key published, and all that it publishes follows from what was recorded.",
        "fr": "Le paquet est ce que le détenteur de cette clé a publié, et tout ce qu'il publie découle de ce qui fut inscrit.",
    },
    "from_package": {
        "en": "The package is consistent in itself, but of unproven origin: all that it publishes follows from what it says was recorded.",
        "fr": "Le paquet est cohérent en lui-même, mais d'origine non prouvée : tout ce qu'il publie découle de ce qu'il dit inscrit.",
    },
}
_RESULT: Final[Words] = {
    "en": "{step} ({rule}): {counted} ballots counted, {left} not. Winners: {names}.",
    "fr": "{step} ({rule}) : {counted} bulletins comptés, {left} non. Lauréats : {names}.",
}
_AGREES: Final[dict[str, Words]] = {
    "yes": {
        "en": "What was announced agrees with it, or a recorded reason explains the difference.",
        "fr": "Ce qui a été proclamé concorde, ou un motif inscrit explique la différence.",
    },
    "no": {
        "en": "What was announced differs, and nothing recorded explains why.",
        "fr": "Ce qui a été proclamé diffère, et rien d'inscrit n'explique pourquoi.",
    },
}
_REFUSED: Final[dict[str, Words]] = {
    "failed": {
        "en": "Do not rely on this package: what is wrong stands below, each with its place.",
        "fr": "Ne vous fiez pas à ce paquet : ce qui ne va pas est dit ci-dessous, à sa place.",
    },
    "unreadable": {
        "en": "Nothing was judged, because the file could not be opened as a package.",
        "fr": "Rien n'a été jugé, car le fichier n'a pu être ouvert comme un paquet.",
    },
}
