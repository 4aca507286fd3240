"""Which options of a rule have a meaning together. The rest is refused when the rules are set, not guessed when they are applied."""

from collections.abc import Iterator

from ledger.errors import RuleUndefined
from ledger.rules.ballot_form import ApprovalForm, CartForm, ChooseOneForm, CumulativeForm, RankedForm, ScoreForm, YesNoBlankForm
from ledger.rules.lot import lottery_problems
from ledger.rules.spec import Quorum, RuleSpec, Threshold

_SET_FORMS = (ChooseOneForm, ApprovalForm, CartForm)
_Problem = tuple[str, str]


def check_spec(spec: RuleSpec) -> None:
    """Returns when the options of `spec` are defined together; raises `RuleUndefined` with place and reason of the first that is not."""
    for place, why in _problems(spec):
        raise RuleUndefined(place=place, why=why)


def _problems(spec: RuleSpec) -> Iterator[_Problem]:
    yield from _ballot_problems(spec)
    yield from _score_problems(spec)
    if spec.rule == "undeclared":
        yield from _undeclared_problems(spec)
        return
    if spec.budget_minor is None:
        yield "$.budget_minor", "a rule that spends money needs a budget"
    yield from _ladder_problems(spec)
    yield from _threshold_problems(spec.threshold)
    yield from _quorum_problems(spec.quorum)
    yield from _exclusive_problems(spec)
    if spec.rule == "greedy":
        yield from _greedy_problems(spec)
        yield from _envelope_problems(spec)
    else:
        yield from _equal_shares_problems(spec)


def _ballot_problems(spec: RuleSpec) -> Iterator[_Problem]:
    form = spec.ballot
    pairs: list[tuple[str, int | None, int | None]] = []
    if isinstance(form, ApprovalForm):
        pairs = [("min", form.min, form.max)]
    elif isinstance(form, CartForm):
        pairs = [("min_items", form.min_items, form.max_items), ("min_spend_minor", form.min_spend_minor, form.budget_minor)]
    elif isinstance(form, CumulativeForm):
        pairs = [("min_items", form.min_items, form.max_items), ("min_sum", form.min_sum, form.sum)]
    elif isinstance(form, RankedForm):
        pairs = [("min_length", form.min_length, form.max_length)]
    elif isinstance(form, ScoreForm):
        pairs = [("min_score", form.min_score, form.max_score)]
    for name, least, most in pairs:
        if least is not None and most is not None and least > most:
            yield f"$.ballot.{name}", f"no ballot can hold at least {least} and at most {most}"


def _score_problems(spec: RuleSpec) -> Iterator[_Problem]:
    by, form = spec.score.by, spec.ballot
    needed = {"points": CumulativeForm, "borda": RankedForm, "plus_minus": YesNoBlankForm, "grades": ScoreForm}
    if by == "approvals":
        if isinstance(form, ScoreForm):
            yield "$.score.by", "grades are no approvals; score by grades"
    elif not isinstance(form, needed[by]):
        yield "$.score.by", f"{by} cannot be counted on ballots of the form {form.form}"
    if (by == "borda") != (spec.score.variant is not None):
        yield "$.score.variant", "a Borda score names its variant, and no other score has one"
    if spec.score.variant not in (None, "ballot_length_to_one") and isinstance(form, RankedForm) and form.max_length is None:
        yield "$.score.variant", "this variant counts from the greatest length, and the ballot has none"


def _undeclared_problems(spec: RuleSpec) -> Iterator[_Problem]:
    for name in ("threshold", "envelopes", "leftover", "exclusive_sets", "max_winners", "equal_shares", "quorum", "lottery"):
        if getattr(spec, name) not in (None, ()):
            yield f"$.{name}", "an undeclared rule chooses nobody, so it has no options"


def _ladder_problems(spec: RuleSpec) -> Iterator[_Problem]:
    if len(set(spec.ties)) != len(spec.ties):
        yield "$.ties", "a rung stands twice in the ladder"
    if {"lower_cost", "higher_cost"} <= set(spec.ties):
        yield "$.ties", "lower_cost and higher_cost exclude each other"
    if spec.ties[-1] not in ("lot", "list_order"):
        yield "$.ties", "the ladder must end with lot or list_order, or a tie could stay unbroken"
    if any(rung in ("lot", "list_order") for rung in spec.ties[:-1]):
        yield "$.ties", "no rung can follow lot or list_order, which leave no tie"
    if (spec.ties[-1] == "lot") != (spec.lottery is not None):
        yield "$.lottery", "the rung lot needs a lottery, and a lottery the rung"
    if spec.lottery is not None:
        yield from lottery_problems(spec.lottery)


def _threshold_problems(threshold: Threshold | None) -> Iterator[_Problem]:
    if threshold is None:
        return
    if (threshold.number is None) == (threshold.ratio is None):
        yield "$.threshold", "a threshold is either a number or a ratio"
    if (threshold.ratio is None) != (threshold.of is None):
        yield "$.threshold.of", "a ratio, and only a ratio, names the ballots it is a share of"
    if threshold.ratio is not None and threshold.on == "score":
        yield "$.threshold.on", "a share of ballots is a number of votes; a score has no such share"


def _quorum_problems(quorum: Quorum | None) -> Iterator[_Problem]:
    if quorum is not None and (quorum.number is None) == (quorum.ratio is None):
        yield "$.quorum", "a quorum is either a number of ballots or a ratio of those enrolled"


def _exclusive_problems(spec: RuleSpec) -> Iterator[_Problem]:
    for index, exclusive in enumerate(spec.exclusive_sets):
        place = f"$.exclusive_sets[{index}]"
        if len(set(exclusive.members)) != len(exclusive.members):
            yield f"{place}.members", "a candidate stands twice in one set"
        if exclusive.retained is not None and exclusive.retained not in exclusive.members:
            yield f"{place}.retained", "the candidate retained is no member of the set"


def _greedy_problems(spec: RuleSpec) -> Iterator[_Problem]:
    if spec.equal_shares is not None:
        yield "$.equal_shares", "the greedy rule has no equal shares"
    if (spec.unaffordable.then == "fund_if_left") != (spec.unaffordable.ratio is not None):
        yield "$.unaffordable.ratio", "fund_if_left, and only it, has a ratio"


def _envelope_problems(spec: RuleSpec) -> Iterator[_Problem]:
    envelopes = spec.envelopes
    if envelopes is None:
        if spec.leftover is not None:
            yield "$.leftover", "without envelopes there is nothing to pool"
        return
    keys = [envelope.key for envelope in envelopes.envelopes]
    if len(set(keys)) != len(keys):
        yield "$.envelopes.envelopes", "a district or category has two envelopes"
    if envelopes.kind == "own":
        if spec.budget_minor is not None and sum(envelope.amount_minor for envelope in envelopes.envelopes) > spec.budget_minor:
            yield "$.envelopes.envelopes", "the envelopes hold more than the budget"
        return
    if spec.leftover is not None:
        yield "$.leftover", "upper bounds leave nothing of their own to pool"
    if spec.unaffordable.then == "fund_if_left":
        yield "$.unaffordable.then", "fund_if_left is not defined under upper bounds"


def _equal_shares_problems(spec: RuleSpec) -> Iterator[_Problem]:
    for name in ("envelopes", "leftover", "exclusive_sets", "max_winners"):
        if getattr(spec, name) not in (None, ()):
            yield f"$.{name}", "not defined with equal shares"
    if spec.unaffordable.then != "skip":
        yield "$.unaffordable.then", "equal shares pass over what cannot be paid; leave skip"
    options = spec.equal_shares
    if options is None:
        yield "$.equal_shares", "equal shares alone is no specification: name utility, completion, start and comparison"
        return
    if options.utility == "points":
        if spec.score.by not in ("points", "grades", "borda"):
            yield "$.equal_shares.utility", "points as utility need ballots that give points, grades or places"
        if isinstance(spec.ballot, ScoreForm) and spec.ballot.min_score < 0:
            yield "$.ballot.min_score", "a utility cannot be negative"
    elif not isinstance(spec.ballot, (*_SET_FORMS, CumulativeForm, RankedForm)):
        yield "$.equal_shares.utility", f"which ballots of the form {spec.ballot.form} support a candidate is not defined"
    grows = options.completion in ("add1", "add1e", "add1u") or options.start == "integral"
    if grows != (options.increment_minor is not None):
        yield "$.equal_shares.increment_minor", "add1 and an integral start, and only they, need an increment"
