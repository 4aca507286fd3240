"""What a report says of the ledger log, of keys and of witnesses, in words, English and French."""

from typing import Final

from ledger.audit.language import Language, Words
from ledger.audit.report import Report

LEDGER_CHECKS: Final[dict[str, Words]] = {
    "ledger-entry": {"en": "A line is no entry of the ledger log", "fr": "Une ligne n'est pas une inscription du journal du registre"},
    "ledger-proof": {
        "en": "Something is said to stand in the ledger log, and the proof does not lead there",
        "fr": "Quelque chose est dit inscrit au journal du registre, et la preuve n'y mène pas",
    },
    "ledger-rules": {"en": "The ledger log breaks its own rules", "fr": "Le journal du registre enfreint ses propres règles"},
    "ledger-root": {
        "en": "The ledger log does not know this log as it is here: the ledger may be showing other people another one",
        "fr": "Le journal du registre ne connaît pas ce registre tel qu'il est ici : d'autres en voient peut-être un autre",
    },
    "ledger-first": {
        "en": "This log begins otherwise than the one that was announced",
        "fr": "Ce registre commence autrement que celui qui fut annoncé",
    },
    "ledger-closed": {
        "en": "The ledger ended this log before: what comes after is not genuine",
        "fr": "Le registre a clos ce journal plus tôt : ce qui suit n'est pas authentique",
    },
    "log-closed": {"en": "The ledger has ended this log", "fr": "Le registre a clos ce journal"},
    "ledger-keys": {
        "en": "The package names other keys than the ledger log does",
        "fr": "Le paquet nomme d'autres clés que le journal du registre",
    },
    "ledger-signature": {
        "en": "The signature over the ledger log is missing or wrong",
        "fr": "La signature du journal du registre manque ou est fausse",
    },
    "key-retired": {"en": "A key is no longer valid", "fr": "Une clé n'est plus valable"},
    "manifest-signature": {
        "en": "datapackage.json is not the one that the ledger signed",
        "fr": "datapackage.json n'est pas celui que le registre a signé",
    },
    "uncosigned": {"en": "Not enough witnesses have cosigned", "fr": "Trop peu de témoins ont cosigné"},
    "certified-unwitnessed": {
        "en": "A result was certified, and not enough witnesses stand by it",
        "fr": "Un résultat a été certifié, et trop peu de témoins s'en portent garants",
    },
    "malformed-policy": {"en": "The list of witnesses is damaged", "fr": "La liste des témoins est abîmée"},
    "timestamp": {"en": "The timestamp is not genuine", "fr": "L'horodatage n'est pas authentique"},
    "older-ledger": {
        "en": "The ledger log said something about this log that it no longer says",
        "fr": "Le journal du registre disait de ce registre quelque chose qu'il ne dit plus",
    },
}

_WITNESSED: Final[Words] = {"en": "Witnessed by {names}.", "fr": "Témoins : {names}."}
_NOBODY: Final[Words] = {
    "en": "Witnessed by nobody: that the ledger shows everybody the same rests on its own word.",
    "fr": "Témoins : personne. Que le registre montre la même chose à tous, lui seul le dit.",
}
_WITNESS: Final[Words] = {"en": "{name} (at {at})", "fr": "{name} (le {at})"}
_OWN_POLICY: Final[Words] = {
    "en": "The list of witnesses came with the package: the ledger chose them. Give your own with --policy.",
    "fr": "La liste des témoins est venue avec le paquet : le registre les a choisis. Donnez la vôtre avec --policy.",
}
_QUORUM: Final[dict[bool, Words]] = {
    True: {"en": "These are as many as the list asks for.", "fr": "Ils sont aussi nombreux que la liste le demande."},
    False: {"en": "These are fewer than the list asks for.", "fr": "Ils sont moins nombreux que la liste ne le demande."},
}
_ANCHORED: Final[Words] = {
    "en": "A timestamp authority saw the ledger log, and with it this package, at {at}.",
    "fr": "Une autorité d'horodatage a vu le journal du registre, et avec lui ce paquet, le {at}.",
}
_RETIRED: Final[Words] = {
    "en": "Keys that no longer sign: {keys}.",
    "fr": "Clés qui ne signent plus : {keys}.",
}


def witness_lines(report: Report, language: Language) -> list[str]:
    """Who stands by the package from outside the ledger, or nobody; and which keys no longer count. A sentence each."""
    witnessed = report.witnessed
    if not witnessed.by:
        lines = [_NOBODY[language]]
    else:
        names = ", ".join(_WITNESS[language].format(name=name, at=at) for name, at in witnessed.by)
        lines = [_WITNESSED[language].format(names=names)]
        if witnessed.quorum_met is not None:
            lines.append(_QUORUM[witnessed.quorum_met][language])
    if witnessed.by and witnessed.policy == "from_package":
        lines.append(_OWN_POLICY[language])
    if report.anchored is not None:
        lines.append(_ANCHORED[language].format(at=report.anchored))
    if report.retired:
        lines.append(_RETIRED[language].format(keys=", ".join(report.retired)))
    return lines
