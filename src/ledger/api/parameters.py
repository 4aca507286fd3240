"""Queries and path parameters of the reading routes. An unknown query parameter is refused, so a misspelt one never passes unseen."""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from ledger.events.kinds import ContributionKind, StanceTarget
from ledger.ids import MAX_INT, REF_PATTERN
from ledger.rules.scales import Ranking

PAGE = 100
LONGEST_PAGE = 1000

ProjectRef = Annotated[str, Path(description="The reference of the project.", pattern=REF_PATTERN)]
ContentRef = Annotated[str, Path(description="The reference of the contribution, argument or text.", pattern=REF_PATTERN)]
EntrySeq = Annotated[int, Path(description="The place of the entry in the log, from 0.", ge=0, le=MAX_INT)]
StepRef = Annotated[str, Path(description="The reference of the step.", pattern=REF_PATTERN)]

Limit = Annotated[int, Field(ge=1, le=LONGEST_PAGE, description="How many at most.")]
Size = Annotated[int, Field(ge=1, le=MAX_INT)]


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid")


class At(_Query):
    """Which state of the project is asked for."""

    at: Annotated[str, Field(max_length=40)] | None = Field(
        None, description="As it was after the entry with this seq, or at this time (UTC, RFC 3339); without it, as it is now."
    )


class ByRef(At):
    """A page of what is ordered by reference."""

    after: Annotated[str, Field(pattern=REF_PATTERN)] | None = Field(None, description="The reference after which the page begins.")
    limit: Limit = PAGE


class BySeq(At):
    """A page of what is ordered by seq."""

    after: Annotated[int, Field(ge=-1, le=MAX_INT)] = Field(-1, description="The seq after which the page begins.")
    limit: Limit = PAGE


RefOf = Annotated[str, Field(pattern=REF_PATTERN)]
CodeOf = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]


class OfContributions(BySeq):
    """A page of contributions, chosen by what they are about."""

    kind: ContributionKind | None = None
    state: Literal["submitted", "withdrawn", "merged", "split"] | None = None
    step: RefOf | None = None
    text: RefOf | None = None
    section: RefOf | None = None
    target: Annotated[RefOf | None, Field(description="The contribution that they are about.")] = None
    category: RefOf | None = None
    district: RefOf | None = None
    unanswered: bool = Field(False, description="Only those that wait for an answer.")


class OfDifference(At):
    """Which two versions of a content."""

    one: Annotated[int, Field(alias="from", ge=1, le=MAX_INT, description="The version compared with; 1 is the first.")]
    other: Annotated[int, Field(alias="to", ge=1, le=MAX_INT, description="The version that is compared.")]


class OfThreads(At):
    """Which arguments of a contribution."""

    side: Literal["for", "against"] | None = Field(None, description="Only these, and what answers them is left out.")


class OfRanking(At):
    """Which targets of a step are ranked, and by which method."""

    by: Ranking | None = Field(None, description="Instead of the method that the step declared.")
    kind: StanceTarget | None = None
    section: RefOf | None = None
    about: Annotated[RefOf | None, Field(description="The contribution that the targets are about.")] = None
    side: Literal["for", "against"] | None = None


class OfModeration(BySeq):
    """A page of the moderation register."""

    state: Literal["standing", "ended", "dismissed", "appealed"] | None = None
    motive: CodeOf | None = None
    kind: CodeOf | None = Field(None, description="Of the content: a kind of contribution, `argument`, or `participant` for suspensions.")


class OfErasures(BySeq):
    """A page of the erasure register."""

    what: Literal["erasure", "request", "legal_hold", "key_destroyed", "redaction"] | None = None


class OfChanges(BySeq):
    """A page of the register of changes of rules and dates."""

    step: RefOf | None = None
    what: CodeOf | None = None


class OfStep(At):
    """Of which step."""

    step: RefOf | None = None


class OfProjects(_Query):
    """A page of projects."""

    after: Annotated[str, Field(pattern=REF_PATTERN)] | None = Field(None, description="The reference after which the page begins.")
    limit: Limit = PAGE


class OfEntries(_Query):
    """A page of entries, or a stream of them."""

    after: Annotated[int, Field(ge=-1, le=MAX_INT)] = Field(-1, description="The seq after which to begin.")
    limit: Annotated[int, Field(ge=1, le=MAX_INT)] | None = Field(
        None, description=f"How many at most: {PAGE} on a page unless told, {LONGEST_PAGE} at most; in a stream all, unless told."
    )
    format: Literal["json", "ndjson", "sse"] | None = Field(None, description="Instead of the header Accept.")
    disclosures: bool = Field(False, description="Also the disclosures that may be shown, beside each entry.")


class OfInclusion(_Query):
    """Which entry, in which tree."""

    index: Annotated[int, Field(ge=0, le=MAX_INT, description="The seq of the entry.")]
    size: Size | None = Field(None, description="The size of a signed checkpoint; without it, of the newest.")


class OfConsistency(_Query):
    """Which two trees."""

    old: Annotated[int, Field(ge=0, le=MAX_INT, description="The size of the older tree.")]
    new: Size | None = Field(None, description="The size of a signed checkpoint; without it, of the newest.")


ContributionsQuery = Annotated[OfContributions, Query()]
DifferenceQuery = Annotated[OfDifference, Query()]
ThreadsQuery = Annotated[OfThreads, Query()]
RankingQuery = Annotated[OfRanking, Query()]
ModerationQuery = Annotated[OfModeration, Query()]
ErasuresQuery = Annotated[OfErasures, Query()]
ChangesQuery = Annotated[OfChanges, Query()]
StepQuery = Annotated[OfStep, Query()]
ProjectsQuery = Annotated[OfProjects, Query()]
AtQuery = Annotated[At, Query()]
RefPageQuery = Annotated[ByRef, Query()]
SeqPageQuery = Annotated[BySeq, Query()]
EntriesQuery = Annotated[OfEntries, Query()]
InclusionQuery = Annotated[OfInclusion, Query()]
ConsistencyQuery = Annotated[OfConsistency, Query()]
