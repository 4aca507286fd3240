"""The second part of the story: people write the town's rules for the quays together, argue about them and say where they stand."""

from ledger.api.examples.posting import MODERATOR, Submitted, by_agent, of, organizer, person, words
from ledger.canonical import JsonValue

_TEXT: dict[str, JsonValue] = {"text": "quay-rules", "section": "night"}
_ACCEPTED: list[JsonValue] = ["opinion", "amendment", "counter_proposal", "idea", "question", "answer", "source", "comment"]

_PREPARATION: tuple[Submitted, ...] = (
    organizer("role.granted", granted="moderator", person=MODERATOR),
    organizer("motive.defined", ref="insult", name=words("Insult", "Injure"), rule_ref="charter-4"),
    organizer("motive.defined", ref="advertising", name=words("Advertising", "Publicité"), rule_ref="charter-5"),
    organizer(
        "step.planned", step="debate", kind="consultation", title=words("Rules for the quays", "Règles des quais"), accepts=_ACCEPTED
    ),
    organizer(
        "step.stances_set",
        step="debate",
        scales={"opinion": "agree_mixed_disagree", "amendment": "agree_mixed_disagree", "source": "like", "argument": "support"},
        ranking="wilson",
        arguments_on=["opinion", "amendment"],
    ),
    organizer("text.published", ref="quay-rules", step="debate", title=words("Rules for the quays", "Règles des quais")),
    organizer("section.added", ref="quay-rules", section="hours", title=words("Hours", "Horaires")),
    organizer(
        "section.added",
        ref="quay-rules",
        section="night",
        parent="hours",
        title=words("At night", "La nuit"),
        body=words("The quays are open all night.", "Les quais sont ouverts toute la nuit."),
    ),
    organizer("step.opened", step="debate"),
)


def _said(kind: str, ref: str, participant: str, english: str, french: str, /, **data: JsonValue) -> Submitted:
    return person("contribution.submitted", participant, ref=ref, step="debate", kind=kind, **data, body=words(english, french))


def _about(name: str, participant: str, ref: str, /, **data: JsonValue) -> Submitted:
    return person(name, participant, ref=ref, step="debate", **data)


_CONTRIBUTIONS: tuple[Submitted, ...] = (
    _said("opinion", "quiet-quays", "resident-17", "People live here.", "Des gens vivent ici.", **_TEXT, title=words("Quiet", "Calme")),
    _said(
        "opinion",
        "night-rowing",
        "rowing-club",
        "We row before sunrise.",
        "Nous ramons avant l'aube.",
        collective="association",
        collective_name=words("Riverside Rowing", "Aviron de Riverside"),
    ),
    _said("amendment", "closed-at-two", "resident-23", "Closed from two to five.", "Fermés de deux à cinq heures.", **_TEXT),
    _said("counter_proposal", "lamps-instead", "resident-31", "Light them instead.", "Plutôt les éclairer.", target="closed-at-two"),
    _said("source", "noise-survey", "resident-23", "The survey of 2025.", "L'enquête de 2025.", target="quiet-quays"),
    _said("question", "who-pays", "resident-42", "Who pays for it?", "Qui paie ?"),
    organizer(
        "contribution.submitted", ref="town-pays", step="debate", kind="answer", target="who-pays", body=words("The town.", "La ville.")
    ),
    _said("comment", "rude-remark", "resident-44", "Go and live in a library.", "Allez vivre en bibliothèque.", target="quiet-quays"),
    _said("comment", "mild-reply", "resident-17", "Gladly.", "Volontiers.", target="quiet-quays", reply_to="rude-remark"),
    _said("comment", "advert", "resident-48", "Earplugs, cheap!", "Bouchons pas chers !", target="quiet-quays"),
    of(
        "contribution.submitted",
        "organizer",
        channel="in_person",
        ref="floating-stage",
        step="debate",
        kind="idea",
        meeting="market-day",
        body=words("A stage on the water.", "Une scène sur l'eau."),
    ),
    {
        **organizer(
            "contribution.submitted",
            ref="old-petition",
            step="debate",
            kind="opinion",
            external_ref="Petition 7/2019",
            body=words("Close the quays to cars.", "Fermez les quais aux voitures."),
        ),
        "channel": "import",
        "claimed_at": "2019-05-04T10:00:00.000Z",
    },
    _about(
        "contribution.attached",
        "resident-23",
        "noise-survey",
        media_type="application/pdf",
        size_bytes=48_211,
        name="noise-2025.pdf",
        digest="CHs47kJxQjYfQ8GJvqVk5tZ2mEr1lW6aBn0dUo3pXyI",
    ),
    organizer(
        "contribution.formalised_with", ref="closed-at-two", step="debate", service="legal", note=words("Worded anew.", "Reformulé.")
    ),
    _about("contribution.revised", "resident-17", "quiet-quays", body=words("People sleep here.", "Des gens dorment ici.")),
)

_LINEAGE: tuple[Submitted, ...] = (
    _said("opinion", "calm-quays", "resident-31", "Please be calm.", "Du calme."),
    organizer("contribution.merge_proposed", ref="calm-quays", step="debate", into="quiet-quays", reason=words("The same.", "Identique.")),
    _about("contribution.merge_refused", "resident-31", "calm-quays", into="quiet-quays", code="not_the_same"),
    _about("contribution.merge_proposed", "resident-17", "calm-quays", into="quiet-quays"),
    _about("contribution.merge_accepted", "resident-31", "calm-quays", into="quiet-quays"),
    organizer("contribution.merged_into", ref="calm-quays", step="debate", into="quiet-quays"),
    _said("opinion", "all-at-once", "resident-23", "Lamps and benches.", "Des lampes et des bancs."),
    _said("opinion", "only-lamps", "resident-23", "Lamps.", "Des lampes.", derived_from="all-at-once"),
    _said("opinion", "only-benches", "resident-23", "Benches.", "Des bancs.", derived_from="all-at-once"),
    _about("contribution.split_into", "resident-23", "all-at-once", parts=["only-lamps", "only-benches"]),
)


def _argued(ref: str, participant: str, side: str, english: str, french: str, /, **data: JsonValue) -> Submitted:
    said = words(english, french)
    return _about("argument.submitted", participant, ref, contribution="quiet-quays", side=side, **data, body=said)


_ARGUMENTS: tuple[Submitted, ...] = (
    _argued("sleep", "resident-23", "for", "Sleep is health.", "Le sommeil, c'est la santé."),
    _argued("youth", "resident-31", "against", "Where else should we go?", "Où aller sinon ?"),
    _argued("park", "resident-23", "for", "To the park.", "Au parc.", parent="youth"),
    _about("argument.revised", "resident-31", "youth", body=words("Where else can the young go?", "Où les jeunes iraient-ils ?")),
    _about("argument.withdrawn", "resident-23", "park", code="second_thoughts"),
)


def _stance(name: str, participant: str, target: str, /, **data: JsonValue) -> Submitted:
    return person(name, participant, step="debate", target=target, **data)


_QUIET = "contribution/quiet-quays"
_STANCES: tuple[Submitted, ...] = (
    _stance("stance.cast", "resident-23", _QUIET, value="agree", target_version=1),
    _stance("stance.cast", "resident-31", _QUIET, value="disagree", target_version=1),
    _stance("stance.changed", "resident-31", _QUIET, value="mixed", target_version=2),
    _stance("stance.explained", "resident-31", _QUIET, how=words("Only on weekdays.", "En semaine seulement.")),
    _stance("stance.cast", "resident-42", _QUIET, value="agree", target_version=2),
    _stance("stance.withdrawn", "resident-42", _QUIET, code="second_thoughts"),
    by_agent("stance.cast", "resident-11", step="debate", target=_QUIET, value="agree", target_version=2),
    _stance("stance.cast", "resident-17", "contribution/closed-at-two", value="agree", target_version=1),
    _stance("stance.cast", "resident-17", "argument/sleep", value="support", target_version=1),
    _stance("stance.cast", "resident-42", "contribution/noise-survey", value="like", target_version=1),
)

_ANSWERS: tuple[Submitted, ...] = (
    organizer(
        "section.amended",
        ref="quay-rules",
        section="night",
        because_of=["closed-at-two", "quiet-quays"],
        code="adapted",
        body=words("The quays are closed from two to five.", "Les quais sont fermés de deux à cinq heures."),
        reason=words("As proposed.", "Comme proposé."),
    ),
    organizer("text.adopted", ref="quay-rules"),
    organizer("contribution.answered", ref="closed-at-two", step="debate", code="retained", body=words("Done.", "C'est fait.")),
    organizer("contribution.answered", ref="night-rowing", step="debate", code="noted"),
    organizer("step.closed", step="debate"),
    organizer("clusters.listed", step="debate", ref="by-answers", group=0, participants=["resident-11", "resident-23"]),
    organizer("clusters.listed", step="debate", ref="by-answers", group=1, participants=["resident-31"]),
    organizer("clusters.sealed", step="debate", ref="by-answers", method="k-means"),
)

DEBATE: tuple[Submitted, ...] = (*_PREPARATION, *_CONTRIBUTIONS, *_LINEAGE, *_ARGUMENTS, *_STANCES)
"""The submissions in order, up to where moderation begins."""
DEBATE_END: tuple[Submitted, ...] = _ANSWERS
"""Those after moderation: what became of it."""
