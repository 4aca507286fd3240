// Whether ballots known to be missing can account for a published selection: by ballots that would. A paper is { entries, count }.

/** At most how many ballots are missing; 0 where that is not stated for every channel, because an unknown number explains anything. */
function mostMissing(missing) {
  const numbers = missing.map(({ count }) => count ?? null);
  return numbers.includes(null) ? 0n : numbers.reduce((sum, number) => sum + BigInt(number), 0n);
}

/** Winners of the greedy count with at most `most` ballots added, such that `disagreeing` is least; null when nothing was tried. */
function likeliestWinners(recount, scenario, published, most, disagreeing) {
  const { spec } = scenario;
  if (most === 0n || spec.rule !== "greedy") return null;
  const lost = ascending(without(published, recount.winners(scenario)));
  const sums = recount.sumsOf(spec);
  let best = null;
  for (const group of lost.length === 1 ? [lost] : [...lost.map((position) => [position]), lost]) {
    for (const amount of amountsToTry(spec, recount.election, group, sums)) {
      const papers = papersFor(spec, recount.election.items, group, amount);
      if (papers === null || papers.reduce((sum, { count }) => sum + count, 0n) > most) break;
      const winners = recount.winnersWith(scenario, addedSums(spec, recount.election, sums, papers));
      if (best === null || disagreeing(winners) < disagreeing(best)) best = winners;
    }
  }
  return best;
}

/** Additions to the score of members of a group at which their place or their passing of a threshold can change, the least first. */
function amountsToTry(spec, { items }, group, sums) {
  const steps = new Set();
  for (const position of group) {
    for (const other of sums.score) for (const more of [0n, 1n]) steps.add(other - sums.score[position] + more);
    const [votes, score] = supportNeeded(spec, items[position], sums);
    steps.add(votes - sums.votes[position]).add(score - sums.score[position]);
  }
  return [...steps].filter((step) => step > 0n).sort((one, other) => (one < other ? -1 : 1));
}

/** As few valid ballots as come to mind that add at least `amount` to each of the group; null when the form allows none. */
function papersFor(spec, items, group, amount) {
  const form = spec.ballot;
  const each = (entriesOf, worth) => (worth > 0n ? group.map((position) => ({ entries: entriesOf(position), count: ceilDiv(amount, worth) })) : []);
  let papers;
  if (form.form === "cumulative") {
    const most = Math.min(form.sum, form.max_per_item ?? form.sum);
    papers = each((position) => [[position, most]], BigInt(most));
  } else if (form.form === "score") papers = each((position) => [[position, form.max_score]], BigInt(form.max_score));
  else if (form.form === "yes_no_blank") papers = each((position) => [[position, 1]], 1n);
  else if (form.form === "ranked" && spec.score.by === "borda") papers = each((position) => [position], placePoints(spec)(0, 1));
  else papers = packedPapers(form, items, group).map((entries) => ({ entries, count: amount }));
  const fits = choiceChecker(form, items);
  const valid = papers.every(({ entries }) => fits(entries) === null && !isBelowMinimum(entries, form, items));
  return papers.length && valid ? papers : null;
}

/** Ballots that name each of the group once, each ballot as full as the form lets it be in that order. */
function packedPapers(form, items, group) {
  const fits = choiceChecker(form, items);
  const papers = [];
  for (const position of group) {
    const found = papers.find((paper) => fits([...paper, position]) === null);
    if (found === undefined) papers.push([position]);
    else found.push(position);
  }
  return papers;
}

function addedSums(spec, { items }, sums, papers) {
  const extra = tallyOf(spec, items, papers, null);
  const together = (name) => sums[name].map((number, position) => number + extra[name][position]);
  const [cast, blank] = [sums.cast + extra.cast, sums.blank + extra.blank];
  return { votes: together("votes"), score: together("score"), cast, blank, expressed: cast - blank, enrolled: sums.enrolled };
}
