"""The third part of the story: what was reported in the debate, what was decided about it, and what somebody else made of that."""

from ledger.api.examples.posting import Submitted, guarantor, moderator, person, words

_REMARK, _ADVERT, _YOUTH = "contribution/rude-remark", "contribution/advert", "argument/youth"
_UNTIL = "2099-01-31T00:00:00.000Z"

MODERATION: tuple[Submitted, ...] = (
    person("report.made", "resident-17", target=_REMARK, motive="insult", details=words("He means me.", "Il parle de moi.")),
    person("report.made", "resident-23", target=_REMARK, motive="insult"),
    moderator("case.opened", target=_REMARK, origin="reports"),
    moderator(
        "content.hidden", target=_REMARK, motive="insult", rule_ref="charter-4", reason=words("Aimed at a person.", "Vise quelqu'un.")
    ),
    moderator("decision.notified", target=_REMARK),
    person("appeal.lodged", "resident-44", target=_REMARK, details=words("It was a joke.", "C'était une blague.")),
    guarantor("appeal.decided", target=_REMARK, outcome="reversed", code="no_insult", reason=words("Rude, no more.", "Impoli, sans plus.")),
    guarantor("content.restored", target=_REMARK, because="appeal"),
    moderator(
        "content.limited",
        target=_ADVERT,
        motive="advertising",
        trash="visible",
        stances="not_counted",
        until=_UNTIL,
        reason=words("Sells something.", "Vend quelque chose."),
    ),
    person("report.made", "resident-31", target=_YOUTH, motive="advertising"),
    moderator("report.dismissed", target=_YOUTH, code="within_the_rules", reason=words("An argument.", "Un argument.")),
    moderator("participant.suspended", person="resident-48", until=_UNTIL, motive="advertising", target=_ADVERT),
    guarantor("participant.readmitted", person="resident-48", code="apologised"),
)
"""The submissions in order."""
