"""What an event of the timeline says, in one English and one French sentence.

Sentences are made of codes, references, dates and numbers only: what people wrote stays in columns of its own, where it can be
withheld or erased.
"""

from collections.abc import Mapping
from typing import Any

from ledger.events import Event
from ledger.projections.consultation_wording import CONSULTATIONS
from ledger.projections.moderation_wording import MODERATION
from ledger.projections.sentence import Pattern, Sentence, about


def sentences(event: Event) -> tuple[str, str]:
    """(English, French): what happened. An event type without a sentence of its own is told by its name."""
    sentence = _SENTENCES.get(event.data.wire_type())
    return sentence(event.data.clear()) if sentence is not None else (event.type, event.type)


def patterns() -> dict[str, tuple[str, str]]:
    """Wire type → (English, French), of the event types whose sentence is no more than a pattern."""
    return {wire_type: (told.english, told.french) for wire_type, told in _SENTENCES.items() if isinstance(told, Pattern)}


def _dates(of: Mapping[str, Any]) -> tuple[str, str]:
    opens, closes = of.get("opens_at"), of.get("closes_at")
    english = [f"opens {opens}"] if opens else []
    french = [f"ouverture {opens}"] if opens else []
    if closes:
        english.append(f"closes {closes}")
        french.append(f"clôture {closes}")
    return ", ".join(english) or "no dates", ", ".join(french) or "sans dates"


def _planned(of: Mapping[str, Any]) -> tuple[str, str]:
    english, french = _dates(of)
    return f"A step of kind {of['kind']} is announced ({english})", f"Une étape de type {of['kind']} est annoncée ({french})"


def _rescheduled(of: Mapping[str, Any]) -> tuple[str, str]:
    english, french = _dates(of)
    return f"The step has new dates: {english} ({of['code']})", f"L'étape a de nouvelles dates : {french} ({of['code']})"


def _holder(of: Mapping[str, Any]) -> tuple[str, str]:
    return (f"client {of['client']}", f"client {of['client']}") if "client" in of else ("a person", "une personne")


def _granted(of: Mapping[str, Any]) -> tuple[str, str]:
    english, french = _holder(of)
    return f"The role {of['granted']} is granted to {english}", f"Le rôle {of['granted']} est attribué ({french})"


def _revoked(of: Mapping[str, Any]) -> tuple[str, str]:
    english, french = _holder(of)
    return f"The role {of['revoked']} is taken from {english}", f"Le rôle {of['revoked']} est retiré ({french})"


def _certified(of: Mapping[str, Any]) -> tuple[str, str]:
    """Without witnesses, as it was told before there could be any."""
    english, french = f"The result with digest {of['digest']} was certified", f"Le résultat d'empreinte {of['digest']} a été certifié"
    if "witnessed" not in of:
        return english, french
    names = ", ".join(of["witnessed"]["witnesses"])
    return f"{english}, witnessed by {names}", f"{french} devant témoins : {names}"


def _closed(of: Mapping[str, Any]) -> tuple[str, str]:
    if "delayed_by" in of:
        return f"The step closed, late because of {of['delayed_by']}", f"L'étape est close, en retard : {of['delayed_by']}"
    return "The step closed", "L'étape est close"


def _revealed(of: Mapping[str, Any]) -> tuple[str, str]:
    if "beacon" in of:
        number = of["beacon"]["round"]
        return (
            f"Round {number} of the beacon was revealed, for the lottery",
            f"Le tour {number} de la balise est révélé, pour le tirage au sort",
        )
    if "secret" in of:
        party = of["secret"]["party"]
        return f"Party {party} to the lottery revealed its secret", f"La partie {party} au tirage au sort a révélé son secret"
    drawn = ", ".join(f"{draw['name']} ({draw['date']})" for draw in of.get("numbers", ())) or "?"
    return f"Numbers were revealed, for the lottery: {drawn}", f"Des numéros sont révélés, pour le tirage au sort : {drawn}"


def _computed(of: Mapping[str, Any]) -> tuple[str, str]:
    if of.get("winners") is None:
        return "The ballots were counted; no rule was declared", "Les bulletins ont été dépouillés ; aucune règle n'a été déclarée"
    count = len(of["winners"])
    return f"The result was computed: {count} winners by {of['rule']}", f"Le résultat a été calculé : {count} lauréats selon {of['rule']}"


def _overridden(of: Mapping[str, Any]) -> tuple[str, str]:
    english, french = ("funds", "finance") if of["funded"] else ("does not fund", "ne finance pas")
    where, code = of["position"], of["code"]
    return (
        f"Against the tally, the authority {english} the candidate at position {where} ({code})",
        f"Par dérogation, l'autorité {french} la proposition en position {where} ({code})",
    )


def _embargo(of: Mapping[str, Any]) -> tuple[str, str]:
    return f"Choices stay sealed until {of['until']}", f"Les choix restent scellés jusqu'au {of['until']}"


_SENTENCES: dict[str, Sentence] = {
    "project.opened/1": about("The project opened", "Le projet est ouvert"),
    "project.continued/1": about(
        "The project goes on here from {origin}, whose log ended ({code})",
        "Le projet se poursuit ici à la suite de {origin}, dont le registre a pris fin ({code})",
    ),
    "project.described/1": about("The project is described anew", "Le projet est décrit à nouveau"),
    "pledge.made/1": about("The authority made its pledge, due {by}", "L'autorité a pris son engagement, pour le {by}"),
    "charter.adopted/1": about("A charter was adopted", "Une charte a été adoptée"),
    "role.granted/1": _granted,
    "role.revoked/1": _revoked,
    "district.defined/1": about("District {ref} was defined", "Le quartier {ref} a été défini"),
    "category.defined/1": about("Category {ref} was defined", "La catégorie {ref} a été définie"),
    "envelope.defined/1": about(
        "Envelope {ref} was defined: {amount_minor} minor units", "L'enveloppe {ref} a été définie : {amount_minor} unités mineures"
    ),
    "meeting.held/1": about("Meeting {ref} was held with {attendance} people", "La réunion {ref} a réuni {attendance} personnes"),
    "evaluation.published/1": about("An evaluation was published", "Une évaluation a été publiée"),
    "guarantor.stated/1": about("The guarantor made a statement", "Le garant a fait une déclaration"),
    "project.archived/1": about("The project is archived", "Le projet est archivé"),
    "step.planned/1": _planned,
    "step.rules_set/2": about(
        "The rules were set: {rules[rule]}/{rules[version]}, ballots {secrecy}",
        "Les règles sont fixées : {rules[rule]}/{rules[version]}, secret des bulletins : {secrecy}",
    ),
    "step.opened/1": about("The step opened", "L'étape est ouverte"),
    "step.rescheduled/2": _rescheduled,
    "step.rules_amended/2": about("The rules were amended ({code})", "Les règles ont été modifiées ({code})"),
    "step.suspended/1": about("The step was suspended ({code})", "L'étape a été suspendue ({code})"),
    "step.resumed/1": about("The step was resumed", "L'étape a repris"),
    "step.closed/1": _closed,
    "step.closed_early/1": about("The step was closed early ({code})", "L'étape a été close avant terme ({code})"),
    "paper.closed/1": about("No paper ballot is keyed any more", "La saisie des bulletins papier est close"),
    "results.embargoed/1": _embargo,
    "roll.sealed/1": about("The roll was sealed with {count} members", "La liste d'émargement a été scellée : {count} membres"),
    "ballots.disclosed/1": about("{count} sealed ballots were disclosed together", "{count} bulletins scellés ont été divulgués ensemble"),
    **CONSULTATIONS,
    **MODERATION,
    "proposal.selected/1": about(
        "Proposal {ref} goes on to the ballot ({criterion})", "La proposition {ref} est soumise au vote ({criterion})"
    ),
    "proposal.deselected/1": about(
        "Proposal {ref} does not go on to the ballot ({criterion})", "La proposition {ref} n'est pas soumise au vote ({criterion})"
    ),
    "candidates.listed/1": lambda of: (
        f"{len(of['items'])} candidates were listed",
        f"{len(of['items'])} propositions ont été inscrites au vote",
    ),
    "candidates.sealed/1": about(
        "The ballot paper was sealed with {count} candidates", "La liste soumise au vote est scellée : {count} propositions"
    ),
    "roll.listed/1": lambda of: (
        f"{len(of.get('members', ()))} members were put on the roll",
        f"{len(of.get('members', ()))} membres ont été inscrits sur la liste",
    ),
    "lottery.committed/1": about(
        "Party {party} to the lottery committed to its secret", "La partie {party} au tirage au sort s'est engagée sur son secret"
    ),
    "lottery.revealed/1": _revealed,
    "result.computed/1": _computed,
    "outcome.published/1": lambda of: (
        f"The authority published {len(of['selected'])} selected candidates",
        f"L'autorité a proclamé {len(of['selected'])} propositions retenues",
    ),
    "outcome.overridden/1": _overridden,
    "result.certified/2": _certified,
}
