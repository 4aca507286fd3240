"""What a monitor says about what it found, in both languages."""

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "fork": {
        "en": "{origin} was shown with two different histories of {size} entries, both signed.",
        "fr": "{origin} a été montré avec deux histoires différentes de {size} inscriptions, toutes deux signées.",
    },
    "rule-broken": {
        "en": "Entry {index} of the ledger log breaks a rule: {why}",
        "fr": "L'inscription {index} du journal du registre enfreint une règle : {why}",
    },
    "inconsistent": {
        "en": "{origin} cannot show that its {size} entries continue the {old} signed before: history was rewritten.",
        "fr": "{origin} ne peut pas montrer que ses {size} inscriptions prolongent les {old} signées avant : l'histoire a été réécrite.",
    },
    "shrunk": {
        "en": "{origin} shows {size} entries; it had signed {old} before. Entries are gone, or an old copy was put back.",
        "fr": "{origin} montre {size} inscriptions ; il en avait signé {old}. Il en manque, ou une ancienne copie a été remise.",
    },
    "beyond-end": {
        "en": "{origin} has {size} entries; the ledger log says that it ended with {old}.",
        "fr": "{origin} a {size} inscriptions ; le journal du registre dit qu'il s'est achevé avec {old}.",
    },
    "hidden": {
        "en": "The project {project} stands in the ledger log and is no longer shown.",
        "fr": "Le projet {project} figure au journal du registre et n'est plus montré.",
    },
    "unlisted": {
        "en": "The project {project} is shown and does not stand in the ledger log: others may be shown another one.",
        "fr": "Le projet {project} est montré et ne figure pas au journal du registre : d'autres peuvent en voir un autre.",
    },
    "stale": {
        "en": "The project {project} has grown for {seconds} seconds without the ledger log saying so.",
        "fr": "Le projet {project} croît depuis {seconds} secondes sans que le journal du registre le dise.",
    },
    "unsigned": {
        "en": "The checkpoint of {origin} is not signed by a key that the ledger log announced.",
        "fr": "Le point de contrôle de {origin} n'est signé par aucune clé annoncée au journal du registre.",
    },
    "renamed": {
        "en": "The ledger log calls itself {origin}; it was {old} before.",
        "fr": "Le journal du registre se nomme {origin} ; il se nommait {old}.",
    },
    "unreadable": {
        "en": "{origin}: what was answered cannot be read: {why}",
        "fr": "{origin} : la réponse est illisible : {why}",
    },
}
"""Kind of evidence → sentence by language."""


def told(kind: str, **fields: object) -> dict[str, str]:
    """The sentence about this, by language."""
    return {language: words.format(**fields) for language, words in WORDS[kind].items()}
