"""The rule and the recorded facts of each Pabulib file: what META says, and as options what only its comment says."""

from dataclasses import dataclass, replace

from ledger.rules.ballot_form import ApprovalForm, BallotForm, CartForm, ChooseOneForm, CumulativeForm, RankedForm
from ledger.rules.facts import Amendment, Facts, MissingBallots
from ledger.rules.spec import (
    Envelope,
    Envelopes,
    EqualShares,
    ExclusiveSet,
    Leftover,
    RuleSpec,
    Rung,
    ScoreBy,
    Threshold,
    Unaffordable,
)
from tests.rules.pabulib import Election, minor

# No file says how ties go. Its comment does not name a lot either, so the list is the last rung.
LADDER: tuple[Rung, ...] = ("lower_cost", "more_votes", "list_order")
SKIP, STOP = Unaffordable(then="skip"), Unaffordable(then="stop")


@dataclass(frozen=True)
class Options:
    """What a file's comment says about its rule and its vote, or what its META leaves open."""

    unaffordable: Unaffordable | None = None
    max_per_category: int | None = None
    envelopes: Envelopes | None = None
    leftover: Leftover | None = None
    exclusive_sets: tuple[ExclusiveSet, ...] = ()
    equal_shares: EqualShares | None = None
    announced_budget: str | None = None
    """The budget before it was amended, in major units."""
    withdrawn: tuple[str, ...] = ()
    missing: tuple[MissingBallots, ...] = ()
    greedy_is_meant: bool = False
    """META leaves the rule unknown or custom, and the comment describes a greedy one."""


def bounds(*envelopes: tuple[str, str]) -> tuple[Envelope, ...]:
    return tuple(Envelope(key=key, amount_minor=minor(amount)) for key, amount in envelopes)


ADD1 = EqualShares(utility="cost", completion="add1", increment_minor=100, start="integral", comparison="none")
POZNAN = "Poland_Poznan_2024_1_-_Nowe_Winogrady_Polnoc_Nowe_Winogrady_Poludnie_Nowe_Winogrady_Wschod_Stare_Winogrady__large"  # one name
SEATTLE = "US_Stanford_Dataset_Your_Voice_Your_Choice_Parks_and_Streets-_Seattle_2019_District_6_vote"

OPTIONS: dict[str, Options] = {
    "France_Toulouse_2019": Options(),
    "France_Toulouse_2024": Options(),
    "Hungary_Budapest_2025_XI_Ujbuda": Options(
        greedy_is_meant=True,
        unaffordable=STOP,
        max_per_category=1,
        envelopes=Envelopes(
            by="category",
            kind="own",
            envelopes=bounds(("Modern", "40000000"), ("Green", "40000000"), ("Free", "20000000"), ("Care", "20000000")),
        ),
        leftover=Leftover(then="skip"),
        # "approximately 1% of the total votes": of those 2040 and the missing ones together.
        missing=(MissingBallots("paper", at_most=21),),
    ),
    "Netherlands_Amsterdam_252": Options(
        envelopes=Envelopes(
            by="district",
            kind="upper_bound",
            envelopes=bounds(("Oostelijke Eilanden", "150000"), ("Haarlemmerhouttuinen", "100000"), ("Other", "250000")),
        ),
    ),
    "Netherlands_Assen_2024": Options(equal_shares=ADD1),
    "Poland_Czestochowa_2020_Grabowka": Options(),
    "Poland_Gdynia_2020_Babie_Doly__small": Options(),
    "Poland_Gdynia_2021_Babie_Doly__large": Options(),
    "Poland_Katowice_2021": Options(),
    "Poland_Katowice_2022_Kostuchna": Options(),
    "Poland_Krakow_2021": Options(),
    "Poland_Krakow_2022_Czyzyny": Options(),
    "Poland_Lodz_2020": Options(greedy_is_meant=True, unaffordable=SKIP, announced_budget="4600000"),
    POZNAN: Options(greedy_is_meant=True, unaffordable=Unaffordable(then="fund_if_left", ratio="4/5")),
    "Poland_Warszawa_2018_Las": Options(),
    "Poland_Warszawa_2019_Targowek_Mieszkaniowy": Options(),
    "Poland_Warszawa_2021_Ursynow": Options(exclusive_sets=(ExclusiveSet(members=("459", "1687", "2150"), retained="2150"),)),
    "Poland_Warszawa_2026": Options(),
    "Poland_Wieliczka_2023_Green_Budget": Options(equal_shares=ADD1.model_copy(update={"comparison": "exclusion_ratio"})),
    "Poland_Wroclaw_2017_Rejon_nr_11_750": Options(withdrawn=("150",)),
    "Poland_Wroclaw_2021": Options(),
    "Switzerland_Zurich_S5D10": Options(),
    "Switzerland_Zurich_S5R": Options(),
    "US_Stanford_Dataset_2021-22_Cal_High_Library_PB_vote_knapsacks": Options(),
    f"{SEATTLE}_knapsacks": Options(),
    f"{SEATTLE}_rankings": Options(),
}


EXPLAINED: dict[str, dict[str, str]] = {
    # One more vote puts 34 before 40, and the official list follows, but for 35: it costs 1 million, and 2 are left in any case.
    "Hungary_Budapest_2025_XI_Ujbuda": {**dict.fromkeys(("2", "3", "14", "34", "38"), "ballots_missing"), "35": "unexplained"},
    "Poland_Gdynia_2020_Babie_Doly__small": {"1": "tie", "5": "funded_outside_rule"},
    "Poland_Gdynia_2021_Babie_Doly__large": {"BAD/0001": "funded_outside_rule"},
    "Poland_Katowice_2022_Kostuchna": {"L21/05/IX": "funded_outside_rule"},
    "Poland_Krakow_2022_Czyzyny": {"24": "tie", "26": "tie"},
    "Poland_Lodz_2020": dict.fromkeys(("L074", "L123", "L155", "L163", "L205"), "budget_amended"),
    POZNAN: {"RD-I.1": "funded_outside_rule", "RD-I.5": "funded_outside_rule"},
    # It has 93 votes and the threshold is 39; it costs 5 000 of the 6 864 left.
    "Poland_Warszawa_2018_Las": {"1649": "unexplained"},
    "Poland_Warszawa_2019_Targowek_Mieszkaniowy": dict.fromkeys(("98", "797", "845", "1159"), "tie"),
    "Poland_Warszawa_2021_Ursynow": {
        **dict.fromkeys(("459", "976", "1687", "2136"), "excluded_by"),
        # 2150 and 1821 have 1923 votes each, and 2150 is the dearer one.
        **dict.fromkeys(("357", "1471", "1821", "2150", "2223"), "tie"),
    },
    "Poland_Warszawa_2026": {"1664": "below_threshold"},
    "Poland_Wroclaw_2017_Rejon_nr_11_750": {"150": "withdrawn", "425": "withdrawn"},
}
"""Reasons by file and project. The official selections of the other files are what the rule computes, with or without its conditions."""


def spec_of(election: Election, options: Options) -> RuleSpec:
    """The rule in force at the vote: what META and `options` say, ties by cost, votes and the list."""
    form = _form(election, options)
    score = ScoreBy(by="approvals")
    if isinstance(form, CumulativeForm):
        score = ScoreBy(by="points")
    elif isinstance(form, RankedForm):
        score = ScoreBy(by="borda", variant="ballot_length_to_one")
    budget = minor(options.announced_budget or election.meta["budget"])
    if election.meta["rule"] == "unknown" and not options.greedy_is_meant:
        return RuleSpec(rule="undeclared", ballot=form, score=score)
    if options.equal_shares is not None:
        return RuleSpec(rule="equal-shares", ballot=form, score=score, budget_minor=budget, ties=LADDER, equal_shares=options.equal_shares)
    threshold = election.meta.get("min_project_score_threshold")
    return RuleSpec(
        rule="greedy",
        ballot=form,
        score=score,
        budget_minor=budget,
        unaffordable=options.unaffordable or (STOP if election.meta["rule"] == "greedy-no-skip" else SKIP),
        threshold=None if threshold is None else Threshold(on="score", comparison=">=", number=int(threshold)),
        envelopes=options.envelopes,
        leftover=options.leftover,
        exclusive_sets=options.exclusive_sets,
        ties=LADDER,
    )


def facts_of(election: Election, options: Options) -> Facts:
    """What is recorded besides the rule."""
    facts = Facts(
        withdrawn=election.positions(*options.withdrawn),
        outside_rule=frozenset(position for position, mark in enumerate(election.selected) if mark in ("2", "3")),
        missing=options.missing,
    )
    if options.announced_budget is None:
        return facts
    before = spec_of(election, options)
    return replace(facts, amendments=(Amendment(before, before.model_copy(update={"budget_minor": minor(election.meta["budget"])})),))


def _form(election: Election, options: Options) -> BallotForm:
    meta = election.meta
    number = {key: int(meta[key]) for key in ("min_length", "max_length", "min_sum_points", "max_sum_points", "max_points") if key in meta}
    if meta["vote_type"] == "choose-1":
        return ChooseOneForm()
    if meta["vote_type"] == "ordinal":
        return RankedForm(max_length=number.get("max_length"), min_length=number.get("min_length"))
    if meta["vote_type"] == "cumulative":
        return CumulativeForm(
            sum=number["max_sum_points"],
            max_per_item=number.get("max_points"),
            min_sum=number.get("min_sum_points"),
            min_items=number.get("min_length"),
            max_items=number.get("max_length"),
        )
    if "max_sum_cost" in meta:
        return CartForm(budget_minor=minor(meta["max_sum_cost"]), min_items=number.get("min_length"), max_items=number.get("max_length"))
    return ApprovalForm(min=number.get("min_length"), max=number.get("max_length"), max_per_category=options.max_per_category)
