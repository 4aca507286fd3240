// The public tables that follow from ballots and stances alone, made again line by line.

const SMALLEST_CELL = 5;

/** The hour that an instant lies in. */
function hourOf(at) {
  return `${at.slice(0, 13)}:00:00Z`;
}

/** The channels whose numbers are not told, because few people stand behind them, and what would give these away. */
function heldBack(count) {
  const numbers = count.lastByChannel;
  const isSmall = ([channel, number]) => number < SMALLEST_CELL || ((count.byChannel.get(channel) ?? 0) > 0 && count.byChannel.get(channel) < SMALLEST_CELL);
  const small = new Set([...numbers].filter(isSmall).map(([channel]) => channel));
  const others = [...numbers].filter(([channel]) => !small.has(channel)).sort((one, other) => one[1] - other[1] || byCodePoint(one[0], other[0]));
  if (small.size === 1 && others.length) small.add(others[0][0]);
  return small;
}

function* turnoutRows(results) {
  for (const { step, why, count } of results) {
    if (why !== null) continue;
    const hidden = heldBack(count);
    for (const channel of [...count.lastByChannel.keys()].sort(byCodePoint)) {
      yield [step.ref, channel, hidden.has(channel) ? null : count.byChannel.get(channel) ?? 0, hidden.has(channel)];
    }
  }
}

function* ballotRows(results, replay) {
  const known = new Map(results.map((result) => [result.step.ref, result]));
  const anyDisclosed = results.some(({ step }) => step.disclosed);
  const told = new Map(results.filter(({ why }) => why === null).map((result) => [result.step.ref, { hidden: heldBack(result.count), count: result.count }]));
  const all = [...replay.ballots.steps.keys()].flatMap((step) => replay.ballots.of(step).map((ballot) => [step, ballot]));
  all.sort((one, other) => one[1].seq - other[1].seq);
  for (const [step, ballot] of all) {
    const { seq, actor, channel, hour, revision } = ballot;
    const counted = known.get(step)?.why === null ? told.get(step) : undefined;
    if (counted === undefined) {
      yield [step, seq, actor, null, hour, revision, null, ballot.withdrawn ? "withdrawn" : null, null, null, null];
      continue;
    }
    const choices = ballot.entries ?? (anyDisclosed ? ballot.disclosed : null);
    const reason = counted.count.reason(ballot, choices === null ? null : canonicalText(choices));
    const shown = choices === null ? null : choicesText(counted.count.items, choices);
    yield [step, seq, actor, counted.hidden.has(channel) ? null : channel, hour, revision, reason === null, reason, shown?.marks, shown?.text, ballot.unknown];
  }
}

function choicesText(items, choices) {
  if (!Array.isArray(choices)) return null;
  const ref = (position) => items[position]?.ref ?? `#${position}`;
  const text = choices.map((entry) => (Array.isArray(entry) ? `${ref(entry[0])}=${entry[1]}` : ref(entry))).join(" ");
  return { text, marks: choices.length };
}

/** Every stance as it is now. */
class StanceRows {
  constructor() {
    this.rows = new Map();
  }

  note(event, fields) {
    const { data, actor } = event;
    if (actor === undefined) return;
    const key = `${data.target}/${actor}`;
    const before = this.rows.get(key);
    const kind = event.type.split("/")[0];
    if (kind === "stance.explained") {
      if (before !== undefined) Object.assign(before, { revision: event.version, explained: fields.how ?? null });
      return;
    }
    if (kind === "stance.withdrawn" && before === undefined) return;
    const taken = kind !== "stance.withdrawn";
    this.rows.set(key, {
      seq: before === undefined ? event.seq : before.seq, step: data.step, target: data.target, actor, value: taken ? data.value : null,
      version: taken ? data.target_version : null, hour: hourOf(event.at), revision: event.version, code: taken ? null : data.code ?? null,
      claimed: event.claimed_at === undefined ? null : hourOf(event.claimed_at), explained: before === undefined ? null : before.explained,
    });
  }

  *cells(replay) {
    const sides = Object.assign({}, ...Object.values(FACTS.scales));
    for (const key of [...this.rows.keys()].sort(byCodePoint)) {
      const row = this.rows.get(key);
      const [language, words] = replay.contents.worded(row.explained);
      const side = row.value === null ? null : sides[row.value];
      yield [row.step, row.target, row.actor, row.seq, row.value, side, row.version, row.hour, row.claimed, row.revision, row.code, language, words];
    }
  }
}

/** Every candidate of every step that is counted. */
function* budgetResultRows(results, replay) {
  for (const result of results) {
    if (result.why !== null) continue;
    const { step, row, outcome, count, account } = result;
    const published = row.published.at(-1) ?? null;
    const overridden = new Map(row.overrides.map(({ position, funded }) => [position, funded]));
    for (const item of outcome.items) {
      const { position } = item;
      const { ref, cost, district, category } = count.items[position];
      const { short, spare } = account.margins.items[position];
      yield [
        step.ref, position, ref, replay.contents.externalRefs.get(ref), replay.contents.worded(replay.contents.titles.get(ref) ?? null)[1], district, category,
        cost, replay.currency, item.votes, item.score, outcome.winners === null ? null : outcome.winners.includes(position), item.status.code,
        item.status.by === undefined ? null : shownRef(result, replay, item.status.by), short, spare,
        published === null ? null : published.selected.includes(position), published === null ? null : published.outside_rule.includes(position),
        account.explained.get(position), overridden.get(position),
      ];
    }
  }
}
