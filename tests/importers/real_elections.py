"""What the comments of the real files call for, as options of the importer, and the reasons that explain their published outcomes.

Every file of the folder is imported; one that is not named here needs no options, and its published outcome follows from META alone.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from ledger.importers.pabulib.options import Exclusive, Missing, Options


@dataclass(frozen=True)
class Case:
    """Options, and project → reason where the outcome does not follow from the rule alone."""

    options: Options = field(default_factory=Options)
    explained: dict[str, str] = field(default_factory=dict)


GREEDY = {"rule": "greedy"}

CASES: dict[str, Case] = {
    "Hungary_Budapest_2025_XI_Ujbuda": Case(
        Options(
            rules={
                **GREEDY,
                "unaffordable": {"then": "stop"},
                "leftover": {"then": "skip"},
                "ballot": {"form": "approval", "max": 4, "max_per_category": 1},
            },
            envelopes={
                "Modern": Decimal(40_000_000),
                "Green": Decimal(40_000_000),
                "Free": Decimal(20_000_000),
                "Care": Decimal(20_000_000),
            },
            # "approximately 1 %": of these 2 040 and the missing ones together.
            missing=(Missing("paper", 21),),
        ),
        # 35 costs one million and two are left: no ballot that is missing accounts for it.
        {**dict.fromkeys(("2", "3", "14", "34", "38"), "ballots_missing"), "35": "unexplained"},
    ),
    "Poland_Gdynia_2020_Babie_Doly__small": Case(explained={"1": "tie", "5": "funded_outside_rule"}),
    "Poland_Gdynia_2021_Babie_Doly__large": Case(explained={"BAD/0001": "funded_outside_rule"}),
    "Poland_Katowice_2022_Kostuchna": Case(explained={"L21/05/IX": "funded_outside_rule"}),
    "Poland_Krakow_2022_Czyzyny": Case(explained={"24": "tie", "26": "tie"}),
    "Poland_Lodz_2020": Case(
        Options(rules={**GREEDY, "unaffordable": {"then": "skip"}}, announced_budget=Decimal(4_600_000)),
        dict.fromkeys(("L074", "L123", "L155", "L163", "L205"), "budget_amended"),
    ),
    "Poland_Poznan_2024_1_-_Nowe_Winogrady_Polnoc_Nowe_Winogrady_Poludnie_Nowe_Winogrady_Wschod_Stare_Winogrady__large": Case(
        Options(rules={**GREEDY, "unaffordable": {"then": "fund_if_left", "ratio": "4/5"}}),
        {"RD-I.1": "funded_outside_rule", "RD-I.5": "funded_outside_rule"},
    ),
    # 1649 has 93 votes, more than the 39 needed, and costs 5 000 of the 6 864 left; nothing recorded says why it was not funded.
    "Poland_Warszawa_2018_Las": Case(explained={"1649": "unexplained"}),
    "Poland_Warszawa_2019_Targowek_Mieszkaniowy": Case(explained=dict.fromkeys(("98", "797", "845", "1159"), "tie")),
    "Poland_Warszawa_2021_Ursynow": Case(
        Options(exclusive=(Exclusive(("459", "1687", "2150"), "2150"),)),
        {
            **dict.fromkeys(("459", "976", "1687", "2136"), "excluded_by"),
            **dict.fromkeys(("357", "1471", "1821", "2150", "2223"), "tie"),
        },
    ),
    "Poland_Warszawa_2026": Case(explained={"1664": "below_threshold"}),
    "Poland_Wroclaw_2017_Rejon_nr_11_750": Case(Options(withdrawn=("150",)), {"150": "withdrawn", "425": "withdrawn"}),
}
