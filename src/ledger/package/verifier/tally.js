// What the ballots add up to, who takes part, and in which order equals stand (docs/formats/rules.md).

/** Votes and score of every candidate as BigInt, and how many ballots were cast and blank. */
function tallyOf(spec, items, profile, enrolled) {
  const votes = items.map(() => 0n);
  let score = items.map(() => 0n);
  const yes = items.map(() => 0n);
  const { form } = spec.ballot;
  const pairs = form === "cumulative" || form === "score" || form === "yes_no_blank";
  const places = form === "ranked" && spec.score.by === "borda" ? placePoints(spec) : null;
  let [cast, blank] = [0n, 0n];
  for (const { entries, count } of profile) {
    const times = BigInt(count);
    cast += times;
    if (!entries.length || (form === "yes_no_blank" && entries.every(([, value]) => value === 0))) blank += times;
    entries.forEach((entry, rank) => {
      const position = pairs ? entry[0] : entry;
      votes[position] += times;
      if (pairs) score[position] += times * BigInt(entry[1]);
      if (pairs && entry[1] > 0) yes[position] += times;
      if (places !== null) score[position] += times * places(rank, entries.length);
    });
  }
  const told = form === "yes_no_blank" ? yes : votes;
  if (pairs ? spec.score.by === "approvals" : places === null) score = [...told];
  return { votes: told, score, cast, blank, expressed: cast - blank, enrolled: enrolled === null ? null : BigInt(enrolled) };
}

/** A function of (rank from 0, length of the ballot) giving the Borda points of that place. */
function placePoints(spec) {
  if (spec.score.variant === "ballot_length_to_one") return (rank, length) => BigInt(length - rank);
  const top = spec.ballot.max_length - (spec.score.variant === "max_length_to_one" ? 0 : 1);
  return (rank) => BigInt(top - rank);
}

function leastNumber(comparison, bound) {
  return comparison === ">=" ? bound.ceil() : bound.floor() + 1n;
}

function shareOf(ratio, comparison, ballots, place) {
  if (ballots === null) refuse("rule-undefined", place);
  return leastNumber(comparison, Fraction.read(ratio).times(new Fraction(ballots)));
}

function leastSupport(threshold, tally) {
  if (threshold.number !== undefined) return leastNumber(threshold.comparison, new Fraction(BigInt(threshold.number)));
  return shareOf(threshold.ratio, threshold.comparison, tally[threshold.of ?? "cast"], "$.threshold.of");
}

function quorumIsMet(quorum, tally) {
  if (quorum === undefined) return true;
  const least =
    quorum.number !== undefined
      ? leastNumber(quorum.comparison, new Fraction(BigInt(quorum.number)))
      : shareOf(quorum.ratio, quorum.comparison, tally.enrolled, "$.quorum.ratio");
  return tally[quorum.count] >= least;
}

/** Position → status of those who do not take part, the first reason that holds. */
function keptOut(spec, items, tally, withdrawn) {
  if (!quorumIsMet(spec.quorum, tally)) return new Map(items.map(({ position }) => [position, { code: "quorum_not_met" }]));
  const excluded = excludedBeforehand(spec, items, withdrawn);
  const out = new Map();
  for (const item of items) {
    const status = reasonKeptOut(spec, item, tally, withdrawn, excluded);
    if (status !== null) out.set(item.position, status);
  }
  return out;
}

function excludedBeforehand(spec, items, withdrawn) {
  const byRef = new Map(items.filter(({ position }) => !withdrawn.has(position)).map(({ ref, position }) => [ref, position]));
  const excluded = new Map();
  for (const { members, retained } of spec.exclusive_sets) {
    if (retained === undefined || !byRef.has(retained)) continue;
    for (const member of members) if (byRef.has(member) && member !== retained) excluded.set(byRef.get(member), byRef.get(retained));
  }
  return excluded;
}

/** The least votes and the least score with which the candidate takes part; always one vote at least. */
function supportNeeded(spec, item, tally) {
  let [votes, score] = [1n, 0n];
  if (spec.threshold !== undefined) {
    const least = leastSupport(spec.threshold, tally);
    if (spec.threshold.on === "score") score = least;
    else if (least > votes) votes = least;
  }
  const envelope = envelopeIndex(spec, item);
  const minimum = envelope === null ? undefined : spec.envelopes.envelopes[envelope].min_votes;
  if (minimum !== undefined && BigInt(minimum) > votes) votes = BigInt(minimum);
  return [votes, score];
}

function reasonKeptOut(spec, item, tally, withdrawn, excluded) {
  const { position } = item;
  if (withdrawn.has(position)) return { code: "withdrawn" };
  if (excluded.has(position)) return { code: "excluded_by", by: excluded.get(position) };
  const envelope = envelopeIndex(spec, item);
  if (spec.envelopes !== undefined && spec.envelopes.kind === "own" && envelope === null) return { code: "outside_envelope" };
  if (tally.votes[position] === 0n) return { code: "without_votes" };
  const [votes, score] = supportNeeded(spec, item, tally);
  if (tally.votes[position] < votes) return { code: "below_threshold", short: votes - tally.votes[position] };
  if (spec.threshold !== undefined && spec.threshold.on === "score" && tally.score[position] < score) {
    return { code: "below_threshold", short: score - tally.score[position] };
  }
  return null;
}

function envelopeIndex(spec, item) {
  if (spec.envelopes === undefined) return null;
  const key = spec.envelopes.by === "district" ? item.district : item.category;
  const index = spec.envelopes.envelopes.findIndex((envelope) => (envelope.key ?? null) === key);
  return index < 0 ? null : index;
}

/** Negative, zero or positive, as the one list of keys comes before, beside or after the other. */
function compareKeys(one, other) {
  for (let rung = 0; rung < one.length; rung += 1) {
    if (one[rung] !== other[rung]) return one[rung] < other[rung] ? -1 : 1;
  }
  return 0;
}

/** The ladder for ties: one number per rung for every candidate, the least first. */
class Ladder {
  constructor(spec, items, votes, lot) {
    this.rungs = spec.ties;
    const makers = spec.ties.map((rung) => rungKey(rung, spec, votes, lot));
    this.keys = items.map((item) => makers.map((make) => make(item)));
  }

  compare(one, other) {
    return compareKeys(this.keys[one], this.keys[other]);
  }

  withKeys(change) {
    return Object.assign(Object.create(Ladder.prototype), { rungs: this.rungs, keys: this.keys.map(change) });
  }

  /** The ladder that puts every tie the other way round. */
  reversed() {
    return this.withKeys((keys) => keys.map((key) => -key));
  }

  /** The ladder that, among the candidates `among`, puts `chosen` first and of the others the dearest. */
  preferring(chosen, items, among) {
    const first = (position) => (!among.has(position) || chosen.has(position) ? [0n, 0n] : [1n, -BigInt(items[position].cost)]);
    return this.withKeys((keys, position) => [...first(position), ...keys]);
  }

  breaker(one, other) {
    return this.rungs.find((_, rung) => this.keys[one][rung] !== this.keys[other][rung]);
  }
}

function rungKey(rung, spec, votes, lot) {
  switch (rung) {
    case "lower_cost":
      return (item) => BigInt(item.cost);
    case "higher_cost":
      return (item) => -BigInt(item.cost);
    case "more_votes":
      return (item) => -votes[item.position];
    case "list_order":
      return (item) => BigInt(item.position);
    default: {
      const seed = spec.lottery.seed === undefined ? lot : sha256(utf8("ledger-lot/v1\n"), utf8(spec.lottery.seed));
      return (item) => BigInt(`0x${hex(sha256(seed, utf8(item.ref)))}`);
    }
  }
}

/** Positions by score, greatest first, then by the ladder. */
function orderOf(positions, score, ladder) {
  return [...positions].sort((one, other) => (score[one] === score[other] ? ladder.compare(one, other) : score[one] > score[other] ? -1 : 1));
}

/** Candidates that were equal, in the order used; `split`: some of them are funded and some are not. */
function tieMet(ladder, step, members, statuses) {
  const fates = new Set(members.map((position) => statuses.get(position).code === "funded"));
  const brokenBy = members.slice(1).map((member, place) => ladder.breaker(members[place], member));
  return { step, members, broken_by: brokenBy, split: fates.size === 2 };
}
