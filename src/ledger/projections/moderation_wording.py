"""What the events of moderation and privacy say in a sentence. Nobody is named, and what was written is never quoted."""

from collections.abc import Mapping
from typing import Any, Final

from ledger.projections.sentence import Sentence, about


def _against(english: str, french: str) -> Sentence:
    """A decision with its motive, its rule where one is cited, and that stances on the content do not count where that is so."""

    def sentence(of: Mapping[str, Any]) -> tuple[str, str]:
        target, motive, rule = of.get("target", "?"), of.get("motive", "?"), of.get("rule_ref")
        trash = of.get("trash")
        shown = {"visible": (", readable there", ", où cela reste lisible"), "invisible": (", not readable there", ", sans y être lisible")}
        where = shown.get(str(trash), ("", ""))
        why = f"{motive}, {rule}" if rule else str(motive)
        counted = of.get("stances") != "not_counted"
        more = ("", "") if counted else ("; stances on it do not count meanwhile", " ; les positions ne comptent pas entre-temps")
        return f"{target} {english}{where[0]} ({why}){more[0]}", f"{target} {french}{where[1]} ({why}){more[1]}"

    return sentence


def _held(of: Mapping[str, Any]) -> tuple[str, str]:
    target, code = of.get("target"), of.get("code", "?")
    english, french = (target, target) if target else ("anything of the project", "quoi que ce soit du projet")
    return f"A legal hold forbids to erase {english} ({code})", f"Un gel légal interdit d'effacer {french} ({code})"


def _erased(of: Mapping[str, Any]) -> tuple[str, str]:
    count, entry, ground = len(of.get("digests", ())), of.get("entry", "?"), of.get("ground", "?")
    return f"{count} fields of entry {entry} were erased ({ground})", f"{count} champs de l'inscription {entry} ont été effacés ({ground})"


def _outcome(of: Mapping[str, Any]) -> tuple[str, str]:
    target, code = of.get("target", "?"), of.get("code", "?")
    english, french = ("upheld", "confirmée") if of.get("outcome") == "upheld" else ("reversed", "annulée")
    return (
        f"On appeal, the decision about {target} was {english} ({code})",
        f"Sur recours, la décision concernant {target} a été {french} ({code})",
    )


MODERATION: Final[dict[str, Sentence]] = {
    "motive.defined/1": about("Motive {ref} was declared", "Le motif {ref} a été déclaré"),
    "case.opened/1": about("A case about {target} was opened ({origin})", "Un dossier concernant {target} a été ouvert ({origin})"),
    "content.hidden/1": _against("was hidden", "a été masqué"),
    "content.limited/1": _against("was put in the trash", "a été mis à la corbeille"),
    "decision.notified/1": about(
        "The author was told of the decision about {target}", "L'auteur a été informé de la décision concernant {target}"
    ),
    "appeal.lodged/1": about("An appeal was lodged about {target}", "Un recours a été formé concernant {target}"),
    "appeal.decided/1": _outcome,
    "content.restored/1": about("{target} is public again ({because})", "{target} est de nouveau public ({because})"),
    "report.dismissed/1": about("The reports of {target} were dismissed ({code})", "Les signalements de {target} ont été classés ({code})"),
    "participant.suspended/1": about(
        "An author was suspended until {until} ({motive})", "Un·e auteur·rice a été suspendu·e jusqu'au {until} ({motive})"
    ),
    "participant.readmitted/1": about("A suspension ended before its time ({code})", "Une suspension a pris fin avant son terme ({code})"),
    "erasure.requested/1": about("Erasure was requested: {extent} ({ground})", "Un effacement a été demandé : {extent} ({ground})"),
    "content.erased/1": _erased,
    "entry.redacted/1": about(
        "Entry {entry} ({type}) is withheld by order {authority} ({code})",
        "L'inscription {entry} ({type}) est retenue par ordre {authority} ({code})",
    ),
    "scope_key.destroyed/1": about(
        "The key of the pseudonyms of {scope} was destroyed ({code})", "La clé des pseudonymes de {scope} a été détruite ({code})"
    ),
    "legal_hold.placed/1": _held,
    "legal_hold.lifted/1": about("Legal hold {ref} was lifted ({code})", "Le gel légal {ref} a été levé ({code})"),
}
"""Wire type → sentence."""
