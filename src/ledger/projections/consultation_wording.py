"""What the events of a consultation say in a sentence: texts, contributions, arguments, what stances are taken on, imports."""

from collections.abc import Mapping
from typing import Any, Final

from ledger.projections.sentence import Sentence, about


def _stances_set(of: Mapping[str, Any]) -> tuple[str, str]:
    scales = ", ".join(f"{kind}: {scale}" for kind, scale in sorted(of.get("scales", {}).items()))
    arguments = ", ".join(of.get("arguments_on", ()))
    english = [f"stances on {scales}"] if scales else []
    french = [f"positions sur {scales}"] if scales else []
    if arguments:
        english.append(f"arguments on {arguments}")
        french.append(f"arguments sur {arguments}")
    return (
        f"It is set what the step takes: {'; '.join(english) or 'neither stances nor arguments'}",
        f"Il est fixé ce que l'étape recueille : {' ; '.join(french) or 'ni positions ni arguments'}",
    )


def _amended(of: Mapping[str, Any]) -> tuple[str, str]:
    text, section, because_of = of.get("ref", "?"), of.get("section", "?"), ", ".join(of.get("because_of", ()))
    english, french = f"Section {section} of text {text} was amended", f"La section {section} du texte {text} a été modifiée"
    return (f"{english} because of {because_of}", f"{french} en raison de {because_of}") if because_of else (english, french)


def _argued(of: Mapping[str, Any]) -> tuple[str, str]:
    ref, contribution = of.get("ref", "?"), of.get("contribution", "?")
    english, french = ("for", "pour") if of.get("side") == "for" else ("against", "contre")
    return (
        f"Argument {ref} was made {english} contribution {contribution}",
        f"L'argument {ref} a été avancé {french} la contribution {contribution}",
    )


def _split(of: Mapping[str, Any]) -> tuple[str, str]:
    ref, parts = of.get("ref", "?"), ", ".join(of.get("parts", ()))
    return f"Contribution {ref} was split into {parts}", f"La contribution {ref} a été scindée en {parts}"


def _listed(of: Mapping[str, Any]) -> tuple[str, str]:
    count, group = len(of.get("members", ())), of.get("group", "?")
    return f"{count} members of group {group} were listed", f"{count} membres du groupe {group} ont été listés"


def _recorded(of: Mapping[str, Any]) -> tuple[str, str]:
    target, counts = of.get("target", "?"), ", ".join(f"{name} {count}" for name, count in sorted(of.get("counts", {}).items()))
    if of.get("basis") == "counts_only":
        return f"Counts without the acts behind them: {target} ({counts})", f"Chiffres sans les actes correspondants : {target} ({counts})"
    return f"Counts that the source published: {target} ({counts})", f"Chiffres publiés par la source : {target} ({counts})"


def _imported(of: Mapping[str, Any]) -> tuple[str, str]:
    unmapped = sum(of.get("unmapped", {}).values())
    return f"An import ended; {unmapped} lines were not brought in", f"Un import a pris fin ; {unmapped} lignes n'ont pas été reprises"


_SUBMITTED: Final = about("Contribution {ref} ({kind}) was submitted", "La contribution {ref} ({kind}) a été déposée")

CONSULTATIONS: Final[dict[str, Sentence]] = {
    "step.stances_set/1": _stances_set,
    "text.published/1": about("Text {ref} was put up for participation", "Le texte {ref} a été soumis à la participation"),
    "section.added/1": about("Section {section} was added to text {ref}", "La section {section} a été ajoutée au texte {ref}"),
    "section.amended/1": _amended,
    "text.adopted/1": about("Text {ref} was adopted", "Le texte {ref} a été adopté"),
    "contribution.submitted/1": _SUBMITTED,
    "contribution.submitted/2": _SUBMITTED,
    "contribution.revised/1": about("Contribution {ref} was revised", "La contribution {ref} a été modifiée"),
    "contribution.withdrawn/1": about("Contribution {ref} was withdrawn ({code})", "La contribution {ref} a été retirée ({code})"),
    "contribution.formalised_with/1": about(
        "Service {service} helped to bring contribution {ref} into form", "Le service {service} a aidé à formaliser la contribution {ref}"
    ),
    "contribution.merge_proposed/1": about(
        "It is proposed that contribution {ref} goes into {into}", "Il est proposé de fusionner la contribution {ref} dans {into}"
    ),
    "contribution.merge_accepted/1": about(
        "The author agrees that contribution {ref} goes into {into}",
        "L'auteur accepte que la contribution {ref} soit fusionnée dans {into}",
    ),
    "contribution.merge_refused/1": about(
        "The author refuses that contribution {ref} goes into {into} ({code})",
        "L'auteur refuse que la contribution {ref} soit fusionnée dans {into} ({code})",
    ),
    "contribution.merged_into/1": about(
        "Contribution {ref} was merged into {into}; no stance moved",
        "La contribution {ref} a été fusionnée dans {into}, sans transfert de voix",
    ),
    "contribution.split_into/1": _split,
    "contribution.attached/1": about(
        "A document was attached to contribution {ref}: {media_type}, {size_bytes} bytes",
        "Un document a été joint à la contribution {ref} : {media_type}, {size_bytes} octets",
    ),
    "contribution.answered/1": about("Contribution {ref} was answered: {code}", "La contribution {ref} a reçu une réponse : {code}"),
    "argument.submitted/1": _argued,
    "argument.revised/1": about("Argument {ref} was revised", "L'argument {ref} a été modifié"),
    "argument.withdrawn/1": about("Argument {ref} was withdrawn ({code})", "L'argument {ref} a été retiré ({code})"),
    "clusters.listed/1": _listed,
    "clusters.sealed/1": about(
        "Clustering {ref} was sealed: {groups} groups, {count} people, by {method}",
        "La partition {ref} a été scellée : {groups} groupes, {count} personnes, selon {method}",
    ),
    "import.started/1": about(
        "Import {ref} began, of a file in the format {format}", "L'import {ref} d'un fichier au format {format} a débuté"
    ),
    "aggregate.recorded/1": _recorded,
    "import.finished/1": _imported,
}
"""Wire type → sentence."""
