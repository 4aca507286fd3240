"""What is published. `PROJECTIONS` lists every fold; a new one is one class in a file of its own and one line here."""

from ledger.projections.aggregates import Aggregates
from ledger.projections.arguments import Arguments
from ledger.projections.ballots import Ballots
from ledger.projections.candidates import Candidates
from ledger.projections.changes import Changes
from ledger.projections.clusters import Clusters
from ledger.projections.contributions import Contributions
from ledger.projections.erasures import Erasures
from ledger.projections.moderation import Moderation
from ledger.projections.participation import Participation
from ledger.projections.project import ProjectProjection
from ledger.projections.projection import Disclosed, Projection, Row, Texts
from ledger.projections.roll import Roll
from ledger.projections.stances import Stances
from ledger.projections.steps import Steps
from ledger.projections.tallies import Tallies
from ledger.projections.text_sections import TextSections
from ledger.projections.timeline import Timeline
from ledger.projections.versions import Versions

PROJECTIONS: tuple[Projection, ...] = (
    ProjectProjection(),
    Steps(),
    TextSections(),
    Contributions(),
    Versions(),
    Arguments(),
    Stances(),
    Tallies(),
    Aggregates(),
    Clusters(),
    Candidates(),
    Roll(),
    Ballots(),
    Timeline(),
    Moderation(),
    Erasures(),
    Changes(),
    Participation(),
)

__all__ = ["PROJECTIONS", "Disclosed", "Projection", "Row", "Texts"]
