"""The last part of the story: what came from elsewhere, the archive, and what is erased after it."""

from collections.abc import Sequence

from ledger.api.examples.posting import Submitted, organizer, person

IMPORT: tuple[Submitted, ...] = (
    organizer("import.started", ref="petitions", format="petition-list", file_digest="47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
    organizer("aggregate.recorded", ref="petitions", target="contribution/old-petition", basis="counts_only", counts={"support": 1_204}),
    organizer(
        "aggregate.recorded",
        ref="petitions",
        target="contribution/quiet-quays",
        basis="published",
        counts={"votes": 3, "agree": 2, "mixed": 1, "disagree": 0},
    ),
    organizer("import.finished", ref="petitions", unmapped={"without_text": 2}),
)
"""An older petition, of which no act was kept, and counts that a platform printed of the debate."""

ARCHIVE: tuple[Submitted, ...] = (
    organizer("evaluation.published", digest="LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ"),
    organizer("project.archived"),
)


def privacy(before: Sequence[Submitted]) -> tuple[Submitted, ...]:
    """The submissions about what is erased or redacted, which name entries by their place among all those `before`."""
    helipad, advert = (_seq(before, "contribution.submitted", ref=ref) for ref in ("helipad", "advert"))
    slander = _seq(before, "report.made", target="argument/youth")
    return (
        organizer("legal_hold.placed", ref="hold-1", code="complaint", target="contribution/advert"),
        organizer("legal_hold.lifted", ref="hold-1", code="settled"),
        person(
            "erasure.requested", "resident-42", ref="request-1", extent="content", target="contribution/helipad", ground="consent_withdrawn"
        ),
        organizer("content.erased", entry=helipad, ground="consent_withdrawn", request="request-1"),
        organizer("content.erased", entry=advert, fields=["body"], ground="court_order", authority="order-118"),
        organizer("entry.redacted", entry=slander, authority="order-131", code="defamation"),
        organizer("scope_key.destroyed", scope="step/debate", code="as_announced"),
    )


def _seq(before: Sequence[Submitted], name: str, **fields: str) -> int:
    """Where the first event of that name with these fields stands in the log: every submission is an entry, the clock does nothing here."""
    for seq, submitted in enumerate(before):
        data = submitted["data"]
        if str(submitted["type"]).startswith(f"{name}/") and isinstance(data, dict) and fields.items() <= data.items():
            return seq
    raise AssertionError(f"nobody posted {name} with {fields}")
