"""A report: of content that is there or was, for a declared motive, once per person."""

from ledger.errors import AlreadyReported, ArgumentUnknown, ContributionUnknown, MotiveUnknown, ParticipantMissing
from ledger.events.contribution import ContributionWithdrawn
from ledger.events.report import ReportMade
from tests.consultation import argued, contributed, debating, hidden
from tests.given import Given, Post, person, post

OPINION = "contribution/open-data"


def reported(target: str = OPINION, who: str = "zoe", motive: str = "insult") -> Post:
    return post(ReportMade, target=target, motive=motive).posted(actor=person(who))


def opinions(*more: Post) -> Given:
    return debating(contributed(), argued(), *more)


def test_a_person_reports_a_content_once() -> None:
    past = opinions(reported())
    past.when(reported()).refused(AlreadyReported, target=OPINION)
    past.when(reported(who="bo")).then()
    past.when(reported("argument/costly")).then()


def test_a_report_is_somebodys() -> None:
    opinions().when(reported().posted(actor=None)).refused(ParticipantMissing)


def test_a_report_has_a_declared_motive() -> None:
    opinions().when(reported(motive="taste")).refused(MotiveUnknown, motive="taste")


def test_a_report_is_of_something_whatever_became_of_it() -> None:
    opinions().when(reported("contribution/nothing")).refused(ContributionUnknown, ref="nothing")
    opinions().when(reported("argument/nothing")).refused(ArgumentUnknown)
    opinions(hidden()).when(reported()).then()
    opinions(post(ContributionWithdrawn, ref="open-data", step="debate", code="regret")).when(reported()).then()
