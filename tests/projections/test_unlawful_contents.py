"""Logs that nobody admitted: parents that are missing or go round in circles, merges into nothing, times that do not exist."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.package.publication import derived_files
from ledger.projections import PROJECTIONS
from ledger.projections.readings.arguments import support_of, threads
from ledger.projections.readings.sections import text_document
from ledger.projections.readings.versions import FAMILIES, difference_of, versions_of
from tests.projections.history import DIGEST, History

REFS = st.sampled_from(["a", "b", "a-b", "nobody"])
MAYBE = st.one_of(st.none(), REFS)
STEP = st.just("debate")
SECTIONS = st.sampled_from(["s1", "s2", "s3"])
SEQS = st.integers(0, 30)
STREAMS = st.sampled_from(["contribution/a", "argument/a", "text/a", "case/contribution/a", "nothing"])
TIMES = st.sampled_from(["2026-03-01T00:10:00.000Z", "2026-19-39T29:00:00.000Z"])
ACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "text.published": {"ref": REFS},
    "section.added": {"ref": REFS, "section": SECTIONS, "parent": st.one_of(st.none(), SECTIONS)},
    "section.amended": {"ref": REFS, "section": SECTIONS, "because_of": st.lists(REFS, max_size=3)},
    "text.adopted": {"ref": REFS},
    "contribution.submitted": {
        "ref": REFS,
        "step": STEP,
        "kind": st.just("opinion"),
        "text": MAYBE,
        "section": st.one_of(st.none(), SECTIONS),
        "target": MAYBE,
        "derived_from": MAYBE,
    },
    "contribution.revised": {"ref": REFS, "step": STEP},
    "contribution.withdrawn": {"ref": REFS, "step": STEP, "code": st.just("gone")},
    "contribution.formalised_with": {"ref": REFS, "step": STEP, "service": REFS},
    "contribution.merge_proposed": {"ref": REFS, "step": STEP, "into": REFS},
    "contribution.merge_accepted": {"ref": REFS, "step": STEP, "into": REFS},
    "contribution.merge_refused": {"ref": REFS, "step": STEP, "into": REFS, "code": st.just("no")},
    "contribution.merged_into": {"ref": REFS, "step": STEP, "into": REFS},
    "contribution.split_into": {"ref": REFS, "step": STEP, "parts": st.lists(REFS, min_size=2, max_size=3)},
    "contribution.attached": {"ref": REFS, "step": STEP, "media_type": st.just("text/plain"), "size_bytes": SEQS},
    "contribution.answered": {"ref": REFS, "step": STEP, "code": st.just("noted")},
    "argument.submitted": {"ref": REFS, "step": STEP, "contribution": REFS, "side": st.sampled_from(["for", "against"]), "parent": MAYBE},
    "argument.revised": {"ref": REFS, "step": STEP},
    "argument.withdrawn": {"ref": REFS, "step": STEP, "code": st.just("gone")},
    "content.hidden": {"target": st.sampled_from(["contribution/a", "argument/a"]), "motive": st.just("spam")},
    "content.restored": {"target": st.sampled_from(["contribution/a", "argument/a"]), "because": st.just("mistake")},
    "content.erased": {"entry": SEQS, "erased": st.one_of(st.none(), STREAMS), "digests": st.just([DIGEST]), "ground": st.just("law")},
}
SHOWN: tuple[dict[str, Any], ...] = ({}, {"title": {"en": "T"}, "body": {"en": "B"}, "location": None, "fields": None, "reason": None})


@st.composite
def soups(draw: st.DrawFn) -> History:
    """Up to thirty such events in any order, with texts or without."""
    history = History()
    for _ in range(draw(st.integers(0, 30))):
        name = draw(st.sampled_from(sorted(ACTS)))
        said = {field: draw(values) for field, values in ACTS[name].items()}
        event = history.add(name, said, who=draw(st.sampled_from([None, "ann"])), disclosed=draw(st.sampled_from(SHOWN)))
        if draw(st.booleans()):
            event.at = draw(TIMES)
    return history


@given(soups())
def test_no_such_log_breaks_a_file_or_a_reading(history: History) -> None:
    source = history.source()
    for _, pieces in derived_files(source):
        assert b"".join(pieces).endswith(b"\n")
    for key, row in source.rows("texts"):
        if row["section"] is None:
            document = text_document(source, key)
            assert document is not None
    for family, (projection, _) in FAMILIES.items():
        for ref, row in source.unresolved(projection):
            versions = versions_of(source, f"{family}/{ref}", row)
            assert len(versions) == row["texts"]
            assert difference_of(versions[0], versions[-1]).keys() >= {"from", "to", "title", "body", "unshown"}


@given(soups())
def test_every_argument_and_every_section_has_its_one_place(history: History) -> None:
    source = history.source()
    arguments = [row for _, row in source.rows("arguments")]
    told = list(threads(arguments, support_of({})))
    assert sorted(str(row["ref"]) for row in told) == sorted(str(row["ref"]) for row in arguments)
    for text in {row["text"] for _, row in source.rows("texts") if row["section"] is None}:
        sections = [key for key, row in source.rows("texts") if row["section"] is not None and row["text"] == text]
        document = text_document(source, str(text))
        assert document is not None
        placed = document["sections"]
        assert isinstance(placed, list)
        assert sorted(f"{text}/{section['section']}" for section in placed if isinstance(section, dict)) == sections


@given(soups(), st.data())
def test_rows_at_every_size_are_those_of_the_plain_fold_and_tell_when_they_changed(history: History, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(history.events)))
    source, plain = history.source(size), history.plain_rows(size)
    for projection in ("contributions", "versions", "texts", "arguments"):
        assert dict(source.rows(projection)) == plain[projection]
    for name in ("contributions", "arguments", "texts"):
        [fold] = [projection for projection in PROJECTIONS if projection.name == name]
        changes: dict[str, int] = {}
        rows: dict[str, Any] = {}
        for event, _ in history.events[:size]:
            for key in fold.keys(event) if event.type in fold.handles else ():
                before = rows.get(key)
                rows[key] = fold.apply(key, before, event, {})
                if rows[key] != before:
                    changes[key] = event.seq
        assert {key: row["changed_seq"] for key, row in rows.items() if row is not None} == changes
