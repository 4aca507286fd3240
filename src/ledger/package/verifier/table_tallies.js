// The table `tallies`: what stances on each target add up to, and its place by the method that its step declared.

function* tallyRows(replay) {
  const tallies = replay.folds.of("tallies");
  const ofStep = new Map([...tallies.declared.keys()].map((step) => [step, []]));
  for (const tally of tallies.sorted()) ofStep.get(tally.row.step)?.push(tally);
  for (const [step, known] of byKey(ofStep)) {
    const { ranking } = tallies.declared.get(step);
    for (const { rank, tally, score } of placesByKind(known, ({ counts }) => rankedValue(ranking, counts))) {
      const { row, counts, current } = tally;
      yield [
        step, tally.target, row.kind, row.text, row.section, row.about, row.side, row.state, row.decision, row.counted, tally.scale, rank, ranking,
        score.exact, score.decimal, counts.stances, counts.positive, counts.neutral, counts.negative, numbersOf(tally.values), row.version,
        current.positive, current.neutral, current.negative, numbersOf(tally.casts), row.participants, row.changes, row.withdrawals,
      ];
    }
  }
}

/** `agree=3 mixed=0 disagree=1`, in the order given; null where there are no values. */
function numbersOf(values) {
  return spaced([...values].map(([value, count]) => `${value}=${count}`));
}

TABLE_ROWS.set("tallies", tallyRows);
