"""Facts about groups of people who answered alike, found outside and recorded as an input (stream `clustering/<step>/<ref>`)."""

from typing import Annotated, ClassVar

from pydantic import Field

from ledger.events.envelope import EventData
from ledger.ids import Code, Count, Digest, Pseudonym, Ref, Subject


class ClusteringEvent(EventData):
    """A fact of the stream `clustering/<step>/<ref>`."""

    SCOPE: ClassVar[str | None] = "step"

    step: Ref
    ref: Ref

    def stream(self, actor: str | None) -> str:
        """`clustering/<step>/<ref>`: one per clustering."""
        return f"clustering/{self.step}/{self.ref}"


class ClustersListed(ClusteringEvent):
    """Some of the members of one group."""

    TYPE: ClassVar[str] = "clusters.listed"
    PSEUDONYMISED: ClassVar[dict[str, str]] = {"participants": "members"}

    group: Annotated[Count, Field(le=99)]
    participants: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=250)] | None = None
    members: Annotated[tuple[Pseudonym, ...], Field(min_length=1, max_length=250)] | None = None


class ClustersSealed(ClusteringEvent):
    """The clustering is complete; `method` says how it was found. `digest`: docs/formats/digests.md."""

    TYPE: ClassVar[str] = "clusters.sealed"
    FILLED: ClassVar[frozenset[str]] = frozenset({"groups", "count", "digest"})

    method: Code
    groups: Count | None = None
    count: Count | None = None
    digest: Digest | None = None
