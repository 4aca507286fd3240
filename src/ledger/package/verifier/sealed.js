// Sealed ballots: disclosed for all together or for nobody, as many as were cast, and never what was replaced.

function checkSealed(replay, findings) {
  const { states, commitments, ballots, entries } = replay;
  for (const step of stepsWithRules(states)) {
    if (step.secrecy !== "sealed") continue;
    const all = ballots.of(step.ref);
    const shipped = new Set(replay.shippedChoices.get(step.ref) ?? []);
    const open = commitments.undisclosed.get(step.ref) ?? 0;
    commitments.undisclosed.delete(step.ref);
    if (!step.disclosed) {
      commitments.count("sealed", open);
      for (const seq of shipped) findings.fault("integrity", "disclosed-early", `entry ${seq}, step ${step.ref}`, "sealed until all are disclosed", "its disclosure");
      continue;
    }
    const tree = new GrowingTree(null);
    // People of whose ballots something is redacted: which of them is the last, and so disclosed, is not known.
    const touched = replay.redactions.touchedBallots(step.ref);
    let unexplained = 0;
    for (const ballot of all) {
      if (touched.has(ballot.actor)) {
        shipped.delete(ballot.seq);
        continue;
      }
      if (ballot.withdrawn || ballot.seq >= ballotLimit(step, ballot.channel, entries.size)) continue;
      tree.add(entries.leaf(ballot.seq));
      if (shipped.delete(ballot.seq)) continue;
      unexplained += 1;
      findings.fault("integrity", "commitment-unexplained", `entry ${ballot.seq}, step ${step.ref}`, "its choices, disclosed with all others", "nothing");
    }
    for (const seq of shipped) {
      const place = `entry ${seq}, step ${step.ref}`;
      findings.fault("integrity", "disclosed-though-superseded", place, "choices that do not count are never disclosed", "its disclosure");
    }
    commitments.count("unexplained", unexplained);
    commitments.count("superseded", open - unexplained);
    if (!touched.size) compareDisclosure(step, tree, findings);
    else {
      const what = `how many ballots of step ${step.ref} were disclosed, and which`;
      findings.leftOut("lawfulness", "not-replayable", what, `of ${touched.size} of them an entry is redacted`);
    }
  }
}

function compareDisclosure(step, tree, findings) {
  const { seq, count, root } = step.disclosure;
  const place = `entry ${seq}, step ${step.ref}`;
  if (count !== tree.size) findings.fault("lawfulness", "disclosure-count", place, `${tree.size} ballots, as were cast`, String(count));
  const found = base64url(tree.root());
  if (root !== found) findings.fault("lawfulness", "disclosure-root", place, `root ${found} over the ballots that were cast`, root);
}

/** The steps whose rules were set, by reference ascending. */
function stepsWithRules(states) {
  const steps = [...states.streams].filter(([stream, state]) => stream.startsWith("step/") && state.rules !== null).map(([, state]) => state);
  return steps.sort((one, other) => byCodePoint(one.ref, other.ref));
}
