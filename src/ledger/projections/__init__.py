"""What is published. `PROJECTIONS` lists every fold; a new one is one class in a file of its own and one line here."""

from ledger.projections.ballots import Ballots
from ledger.projections.candidates import Candidates
from ledger.projections.project import ProjectProjection
from ledger.projections.projection import Disclosed, Projection, Row, Texts
from ledger.projections.proposals import Proposals
from ledger.projections.roll import Roll
from ledger.projections.steps import Steps
from ledger.projections.timeline import Timeline

PROJECTIONS: tuple[Projection, ...] = (ProjectProjection(), Steps(), Proposals(), Candidates(), Roll(), Ballots(), Timeline())

__all__ = ["PROJECTIONS", "Disclosed", "Projection", "Row", "Texts"]
