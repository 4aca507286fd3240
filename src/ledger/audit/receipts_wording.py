"""What a receipt, a refusal or a proof shows, in words, English and French."""

from typing import Final

from ledger.audit.language import Language, Words
from ledger.audit.receipts import Checked, ReceiptReport, Verdict

VERDICTS: Final[dict[Verdict, Words]] = {
    "holds": {"en": "In order", "fr": "En règle"},
    "fails": {"en": "Not in order", "fr": "Pas en règle"},
    "unreadable": {"en": "Unreadable", "fr": "Illisible"},
}

_EVIDENCE: Final[Words] = {
    "en": " Keep this file and the package: together they are the proof, and whoever has the ledger's key can check it.",
    "fr": " Conservez ce fichier et le paquet : ensemble ils font preuve, et quiconque a la clé du registre peut la vérifier.",
}

_RETIRED: Final[Words] = {
    "en": " It is signed with a key that the ledger has retired since. Whoever got hold of that key could have made it later: it counts as "
    "far as you can show that you had it before.",
    "fr": " La signature est d'une clé que le registre a retirée depuis. Quiconque s'en est emparé aurait pu la produire après coup : elle "
    "vaut pour autant que vous puissiez montrer que vous la déteniez avant.",
}

_TOLD: Final[dict[tuple[str, str], Words]] = {
    ("receipt", "included"): {
        "en": "The receipt was kept: entries {first} to {last} are in the log, and they are the ones that were acknowledged at {at}.",
        "fr": "Le récépissé a été honoré : les inscriptions {first} à {last} sont au registre, et ce sont celles dont il a été accusé "
        "réception le {at}.",
    },
    ("receipt", "not_due"): {
        "en": "The receipt is genuine, and the package does not reach entries {first} to {last} yet. The log has until {due}: check again "
        "with a package that is made later.",
        "fr": "Le récépissé est authentique, et le paquet ne va pas encore jusqu'aux inscriptions {first} à {last}. Le registre a jusqu'au "
        "{due} : vérifiez à nouveau avec un paquet établi plus tard.",
    },
    ("receipt", "withheld"): {
        "en": "WITHHELD: at {at} the ledger acknowledged entries {first} to {last} and promised to include them by {due}. The package is "
        "of {package_at} and does not include them.",
        "fr": "RETENU : le {at}, le registre a accusé réception des inscriptions {first} à {last} et promis de les inclure au plus tard le "
        "{due}. Le paquet est du {package_at} et ne les contient pas.",
    },
    ("receipt", "rewritten"): {
        "en": "HISTORY REWRITTEN: entries {first} to {last} are not the ones that the ledger acknowledged at {at}.",
        "fr": "HISTOIRE RÉÉCRITE : les inscriptions {first} à {last} ne sont pas celles dont le registre a accusé réception le {at}.",
    },
    ("receipt", "contradicted"): {
        "en": "The lines of this answer are not the ones that its receipt signs: somebody changed the answer.",
        "fr": "Les lignes de cette réponse ne sont pas celles que signe son récépissé : quelqu'un a modifié la réponse.",
    },
    ("proof", "included"): {
        "en": "Entry {index} is in the log as it was proven in the tree of {proven_size} entries.",
        "fr": "L'inscription {index} est au registre telle qu'elle a été prouvée dans l'arbre de {proven_size} inscriptions.",
    },
    ("proof", "package_older"): {
        "en": "The ledger signed a tree of {proven_size} entries; this package ends before entry {index}. Check again with a newer one.",
        "fr": "Le registre a signé un arbre de {proven_size} inscriptions ; ce paquet s'arrête avant l'inscription {index}. Vérifiez à "
        "nouveau avec un paquet plus récent.",
    },
    ("proof", "rewritten"): {
        "en": "HISTORY REWRITTEN: the ledger signed a tree of {proven_size} entries, and the package has another beginning than that tree.",
        "fr": "HISTOIRE RÉÉCRITE : le registre a signé un arbre de {proven_size} inscriptions, et le paquet commence autrement que lui.",
    },
    ("proof", "contradicted"): {
        "en": "The proof does not lead from entry {index} of the package to the signed tree: it is a proof of another entry, or damaged.",
        "fr": "La preuve ne mène pas de l'inscription {index} du paquet à l'arbre signé : c'est celle d'une autre inscription, ou elle est "
        "abîmée.",
    },
    ("refusal", "refused"): {
        "en": "The refusal is genuine: at {at} the ledger refused this request with the code {code} (docs/problems/{code}.md). SHA-256 of "
        "what was posted, in base64: {body_digest}.",
        "fr": "Le refus est authentique : le {at}, le registre a refusé cette demande avec le code {code} (docs/problems/{code}.md). "
        "SHA-256 de ce qui a été envoyé, en base64 : {body_digest}.",
    },
}

_OF_ANY: Final[dict[str, Words]] = {
    "other_key": {
        "en": "This is signed in the name of {origin}, but with none of the known keys of that log: it proves nothing.",
        "fr": "Ceci est signé au nom de {origin}, mais par aucune des clés connues de ce registre : cela ne prouve rien.",
    },
    "other_log": {
        "en": "This is of the log {origin}, and the package is of another one.",
        "fr": "Ceci vient du registre {origin}, et le paquet est d'un autre.",
    },
    "package_unfit": {
        "en": "Nothing can be said by this package: run `ledger verify` on it first.",
        "fr": "Ce paquet ne permet aucune conclusion : passez-le d'abord à `ledger verify`.",
    },
}

_BY_DOWNLOAD: Final[Words] = {
    "en": " (That is when you say you downloaded it; the package itself does not prove when it was made.)",
    "fr": " (C'est le moment où vous dites l'avoir téléchargé ; le paquet ne prouve pas par lui-même quand il a été établi.)",
}
_BODY: Final[dict[bool, Words]] = {
    True: {"en": " The file that you gave is what was posted.", "fr": " Le fichier indiqué est bien ce qui a été envoyé."},
    False: {"en": " The file that you gave is NOT what was posted.", "fr": " Le fichier indiqué N'EST PAS ce qui a été envoyé."},
}
OWN_KEY: Final[Words] = {
    "en": "The key came with the package. Give the ledger's key with --key, from a place that you trust: only then is it known who signed.",
    "fr": "La clé est venue avec le paquet. Donnez celle du registre avec --key, d'une source sûre : alors seulement on sait qui a signé.",
}


def told(checked: Checked, language: Language) -> str:
    """What became of one statement, in a sentence or two."""
    words = _OF_ANY.get(checked.status) or _TOLD[checked.kind, checked.status]
    sentence = words[language].format(**checked.facts)
    if checked.facts["key_retired"] and checked.status != "other_key":
        sentence += _RETIRED[language]
    elif checked.status in {"withheld", "rewritten"}:
        sentence += _EVIDENCE[language]
    if checked.facts.get("by_download"):
        sentence += _BY_DOWNLOAD[language]
    body = checked.facts.get("body")
    return sentence + (_BODY[body][language] if isinstance(body, bool) else "")


def lines(report: ReceiptReport, language: Language) -> list[str]:
    """What became of each statement, those that fail first, alike ones once."""
    failing = sorted(report.checked, key=lambda one: one.status not in {"withheld", "rewritten"})
    return list(dict.fromkeys(told(checked, language) for checked in failing))
