// Why a published selection differs from the computed outcome, or from what scores and money alone would give (docs/formats/rules.md,
// Explanations). A reason is given only where counting again under a recorded fact shows that this fact makes the difference.

const REASONS = { withdrawn: "withdrawn", excluded_by: "excluded_by", below_threshold: "below_threshold", budget_amended: "budget_amended" };

/** Position → reason. `facts` are { withdrawn, withdrawnAfter, amendments, overridden, outsideRule, missing }; `selected` a set of positions. */
function explainPublished(spec, election, outcome, selected, facts) {
  if (outcome.winners === null) {
    const unknown = new Map([...selected].map((position) => [position, "rule_unknown"]));
    for (const position of facts.outsideRule) unknown.set(position, "funded_outside_rule");
    for (const position of facts.overridden) if (unknown.has(position)) unknown.set(position, "overridden");
    return unknown;
  }
  const explanation = new Explanation(spec, election, outcome, selected, facts);
  explanation.deviations();
  explanation.addPlainDifferences();
  explanation.addWithdrawnCauses();
  return explanation.reasons;
}

class Explanation {
  constructor(spec, election, outcome, selected, facts) {
    Object.assign(this, { election, outcome, facts });
    this.recount = new Recount(spec, election, outcome);
    this.stages = stagesOf(spec, facts);
    this.computed = new Set(outcome.winners);
    this.published = without(selected, facts.outsideRule);
    this.positions = election.items.map(({ position }) => position);
    this.reasons = new Map();
    const reserve = new Set(outcome.items.filter(({ status }) => status.reserve_minor).map(({ position }) => position));
    this.reserveApart = new Set([...facts.outsideRule].filter((position) => reserve.has(position)));
  }

  giveOnce(position, reason) {
    if (!this.reasons.has(position)) this.reasons.set(position, reason);
  }

  /** Where the published selection is what `winners` says. An override is no statement about the tally, so it agrees with any. */
  agreeing(winners) {
    const { facts, published, reserveApart } = this;
    const agrees = (position) => facts.overridden.has(position) || reserveApart.has(position) || winners.has(position) === published.has(position);
    return new Set(this.positions.filter(agrees));
  }

  agreesEverywhere(winners) {
    return this.agreeing(winners).size === this.positions.length;
  }

  /** Whether the one agrees wherever the other does, and somewhere more. */
  agreesMore(winners, before) {
    const [mine, theirs] = [this.agreeing(winners), this.agreeing(before)];
    return mine.size > theirs.size && holdsAll(mine, theirs);
  }

  /** The reasons where the published selection is not the computed outcome. */
  deviations() {
    const { facts, reasons, computed, published } = this;
    const reached = this.factsAndTies();
    this.discretion(reached);
    this.missing(reached);
    const agreed = this.agreeing(computed);
    for (const position of this.positions) {
      if (!agreed.has(position)) this.giveOnce(position, "unexplained");
      else if (facts.overridden.has(position) && computed.has(position) !== published.has(position)) reasons.set(position, "overridden");
      if (facts.outsideRule.has(position) && reasons.get(position) !== "unexplained") reasons.set(position, "funded_outside_rule");
    }
  }

  /** Notes what facts and ties account for, and returns the winners under all that was accepted. */
  factsAndTies() {
    const { recount, published } = this;
    if (this.agreesEverywhere(this.computed)) return this.computed;
    const scenarios = factScenarios(this.stages, this.facts);
    for (const scenario of scenarios) {
      for (const tied of [new Set(), this.allTied(scenario)]) {
        const whole = { ...scenario, towards: tied.size ? published : new Set(), tied };
        if (!this.agreesEverywhere(recount.winners(whole))) continue;
        this.accept(this.computed, scenario, whole);
        return recount.winners(whole);
      }
    }
    return this.piecewise(scenarios);
  }

  /** Accepts facts, then single ties, each only if it contradicts nothing that agreed before. */
  piecewise(scenarios) {
    const { recount } = this;
    let [reached, at] = [this.computed, scenarios[0]];
    for (const scenario of scenarios.slice(1)) {
      const winners = recount.winners(scenario);
      if (!this.agreesMore(winners, reached)) continue;
      this.accept(reached, scenario, scenario);
      [reached, at] = [winners, scenario];
    }
    let turned = { ...at, towards: this.published };
    for (const group of recount.tiedGroups(at)) {
      const trial = { ...turned, tied: union(turned.tied, group) };
      const winners = recount.winners(trial);
      if (!this.agreesMore(winners, reached)) continue;
      this.accept(reached, at, trial);
      [reached, turned] = [winners, trial];
    }
    return reached;
  }

  allTied(scenario) {
    return union(...this.recount.tiedGroups(scenario));
  }

  /** Gives the reason of everything that `whole` settles and `before` did not: the fact that alone settles it, or the tie. */
  accept(before, scenario, whole) {
    const bare = this.agreeing(this.recount.winners(scenario));
    for (const position of without(this.agreeing(this.recount.winners(whole)), this.agreeing(before))) {
      this.giveOnce(position, bare.has(position) ? this.fact(position, scenario) : "tie");
    }
  }

  /** Which of the facts in the scenario settles it: the withdrawal alone, the amendment alone, or both (then the withdrawal). */
  fact(position, scenario) {
    const settles = (spec, withdrawn) => this.agreeing(this.recount.winners(scenarioOf(spec, withdrawn))).has(position);
    if (settles(this.stages.inForce, scenario.withdrawn)) return "withdrawn";
    const { withdrawn } = this.facts;
    const isSame = withdrawn.size === scenario.withdrawn.size && holdsAll(withdrawn, scenario.withdrawn);
    return settles(scenario.spec, withdrawn) || isSame ? "budget_amended" : "withdrawn";
  }

  /** More money after the vote, spent on candidates that no rule chose: everyone who had won still wins, and the rest fits. */
  discretion(reached) {
    const { recount, facts, published, election, stages: { announced, final } } = this;
    const open = without(new Set(this.positions), this.agreeing(reached));
    if (!open.size || areSameRules(announced, final) || !onlyMoneyDiffers(this.stages)) return;
    const before = scenarioOf(announced, union(facts.withdrawn, facts.withdrawnAfter));
    let promised = without(recount.winners(before), facts.overridden);
    if (!holdsAll(published, promised)) {
      promised = without(recount.winners({ ...before, towards: published, tied: this.allTied(before) }), facts.overridden);
    }
    const added = without(published, promised, facts.overridden);
    const barred = keptOut(final, election.items, recount.sumsOf(final), before.withdrawn);
    if (!holdsAll(published, promised) || [...added].some((position) => barred.has(position)) || !fitsMoney(final, election.items, published)) return;
    for (const position of open) this.giveOnce(position, "budget_amended");
  }

  /** Ballots that the record lacks. Where the count with them contradicts what agreed without, that is `unexplained` in turn. */
  missing(reached) {
    const { recount, facts, reasons } = this;
    const most = mostMissing(facts.missing);
    const everywhere = new Set(this.positions);
    const open = without(everywhere, this.agreeing(reached), new Set(reasons.keys()));
    if (!open.size || most === 0n) return;
    const disagreeing = (winners) => this.positions.length - this.agreeing(winners).size;
    let found = null;
    for (const scenario of factScenarios(this.stages, facts)) {
      const winners = likeliestWinners(recount, scenario, this.published, most, disagreeing);
      if (winners !== null && (found === null || disagreeing(winners) < disagreeing(found))) found = winners;
    }
    const still = without(everywhere, this.agreeing(found ?? reached));
    if (still.size >= open.size) return;
    for (const position of without(open, still)) reasons.set(position, "ballots_missing");
    for (const position of without(still, facts.overridden)) reasons.set(position, "unexplained");
  }

  /** The reasons where published and computed agree, and the plain rule does not: which condition of the rule makes the difference. */
  addPlainDifferences() {
    const { facts, recount, stages } = this;
    const present = featuresOf(stages, facts);
    if (!present.length) return;
    const agreed = without(this.agreeing(this.computed), facts.overridden, facts.outsideRule);
    const plain = recount.winners(withoutFeatures(stages, facts, present));
    for (const position of without(agreed, this.agreeing(plain), new Set(this.reasons.keys()))) {
      this.reasons.set(position, this.condition(position, present));
    }
  }

  condition(position, present) {
    const own = this.outcome.items[position].status.code;
    for (let size = 1; size <= present.length; size += 1) {
      for (const removed of combinationsOf(present, size)) {
        const winners = this.recount.winners(withoutFeatures(this.stages, this.facts, removed));
        if (!this.agreeing(winners).has(position)) return REASONS[removed.includes(own) ? own : removed[0]];
      }
    }
    throw new Error("without all its conditions the rule is the plain rule");
  }

  /** Withdrawn candidates whose withdrawal changed who wins. */
  addWithdrawnCauses() {
    const { facts, recount, stages } = this;
    for (const [withdrawn, spec] of [[facts.withdrawn, stages.inForce], [facts.withdrawnAfter, stages.final]]) {
      const gone = union(withdrawn, facts.withdrawn);
      for (const position of without(withdrawn, this.published, new Set(this.reasons.keys()))) {
        const present = recount.winners(scenarioOf(spec, without(gone, new Set([position]))));
        const absent = recount.winners(scenarioOf(spec, gone));
        if (present.size !== absent.size || !holdsAll(present, absent)) this.reasons.set(position, "withdrawn");
      }
    }
  }
}

/** The combinations of so many members of a list, in its order. */
function* combinationsOf(list, size) {
  if (!size) yield [];
  for (let first = 0; size && first < list.length; first += 1) {
    for (const rest of combinationsOf(list.slice(first + 1), size - 1)) yield [list[first], ...rest];
  }
}

/** True when the money of the rules pays for the selected, in each envelope too. */
function fitsMoney(spec, items, selected) {
  const chosen = items.filter(({ position }) => selected.has(position));
  const costOfAll = (some) => some.reduce((sum, { cost }) => sum + BigInt(cost), 0n);
  if (spec.budget_minor === undefined || costOfAll(chosen) > BigInt(spec.budget_minor)) return false;
  if (spec.envelopes === undefined || spec.leftover !== undefined) return true;
  return spec.envelopes.envelopes.every((envelope, index) => {
    return costOfAll(chosen.filter((item) => envelopeIndex(spec, item) === index)) <= BigInt(envelope.amount_minor);
  });
}
