// results/<step>.json made again and compared byte by byte.

const LARGEST_RESULT = 256 << 20;

/** JSON with sorted keys, indented by two blanks, as results are written. */
function indented(value, indent = "") {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return canonicalText(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return value.length ? `[\n${value.map((part) => deeper + indented(part, deeper)).join(",\n")}\n${indent}]` : "[]";
  }
  const names = Object.keys(value).sort(byCodePoint);
  if (!names.length) return "{}";
  return `{\n${names.map((name) => `${deeper}${jsonText(name)}: ${indented(value[name], deeper)}`).join(",\n")}\n${indent}}`;
}

async function checkResultFile(result, replay, findings) {
  const name = `results/${result.step.ref}.json`;
  if (!replay.reader.has(name)) {
    findings.fault("results", "file-missing", name, "a file that follows from the entries", "no such file");
    return;
  }
  let text;
  try {
    text = readUtf8(await replay.reader.whole(name, LARGEST_RESULT));
  } catch (error) {
    if (!(error instanceof FileDamaged)) throw error;
    findings.fault("reading", error.code, error.place, "a file that can be read back", error.why);
    return;
  }
  const expected = `${indented(resultDocument(result, replay))}\n`;
  if (expected === text) return;
  const [mine, theirs] = [expected.split("\n"), (text ?? "").split("\n")];
  let line = 0;
  while (line < mine.length && mine[line] === theirs[line]) line += 1;
  const absent = "no such line";
  findings.fault("results", "file-differs", `${name} line ${line + 1}`, mine[line] ?? absent, theirs[line] ?? absent);
}

function resultDocument(result, replay) {
  const { step, row } = result;
  const { checkpoint } = replay.entries;
  const head = {
    format: "participation-ledger-result/1", origin: checkpoint.origin, size: replay.entries.size, step: step.ref, root: base64(checkpoint.root),
    title: row.title, rule: `${row.rules.rule}/${row.rules.version}`, rules: row.rules, rules_digest: row.rules_digest,
    candidates_digest: row.candidates === null ? null : row.candidates.digest, secrecy: row.secrecy, opened: row.opened, closed: row.closed,
    paper_closed: row.paper_closed, beside: besideOf(result, replay),
  };
  const withheld = replay.redactions.restingOn(step.ref, replay.states.selection(step.ref).items).map((left) => replay.redactions.told(left));
  if (withheld.length) head.redacted = withheld;
  if (isDrawnLater(row.rules.lottery)) head.lottery = lotteryDocument(result, replay);
  if (result.why !== null) {
    const standing = replay.ballots.of(step.ref).filter((ballot) => !ballot.withdrawn).length;
    return { ...head, state: "pending", why: result.why, ballots: standing };
  }
  return { ...head, state: isOver(step) ? "final" : "provisional", ...countedDocument(result, replay) };
}

function countedDocument(result, replay) {
  const { outcome, count, account } = result;
  const told = setOnly(outcome);
  const attended = count.roll === null ? null : [...replay.attendance.get(result.step.ref) ?? []].filter((seq) => seq < count.cutOff).length;
  const published = result.row.published.at(-1) ?? null;
  const named = (positions) => positions.map((position) => shownRef(result, replay, position));
  return {
    cut_off: count.cutOff,
    digest: result.digest,
    totals: {
      counted: count.counted, blank: outcome.blank, not_counted: Object.fromEntries(count.notCounted), unknown_entries: count.unknown,
      enrolled: count.enrolled, attended, budget_minor: outcome.budget_minor, spent_minor: outcome.spent_minor, currency: replay.currency,
    },
    winners: named(outcome.winners ?? []),
    candidates: outcome.items.map((item) => candidateDocument(item, result, replay, published)),
    ties: told.ties ?? [],
    trace: told.trace ?? [],
    shares: told.shares ?? null,
    margins: { assumes: account.margins.assumes, unit: account.margins.unit },
    counterfactuals: Object.fromEntries([...account.counterfactuals].map(([name, winners]) => [name, named(winners)])),
    published: published === null ? null : { ...published, selected: named(published.selected), outside_rule: named(published.outside_rule) },
    agrees: published === null ? null : ![...account.explained.values()].includes("unexplained"),
    explained: Object.fromEntries(ascending(account.explained.keys()).map((position) => [named([position])[0], account.explained.get(position)])),
  };
}

function candidateDocument(item, result, replay, published) {
  const { position } = item;
  const { ref, district, category, cost } = result.count.items[position];
  const { short, spare, votes_short } = result.account.margins.items[position];
  return {
    position, ref, shown: shownRef(result, replay, position), title: replay.contents.titles.get(ref) ?? null, district, category, cost_minor: cost,
    votes: item.votes, score: item.score, won: (result.outcome.winners ?? []).includes(position), status: setOnly(item.status),
    short, spare, votes_short,
    published: published === null ? null : published.selected.includes(position),
    explained: result.account.explained.get(position) ?? null,
  };
}

/** The reference of a candidate as people see it. */
function shownRef(result, replay, position) {
  const item = replay.states.selection(result.step.ref).items[position];
  return item === undefined ? `#${position}` : replay.contents.externalRefs.get(item.ref) || item.ref;
}

/** The candidates that were taken back when nothing more could be cast, also of a step that was closed and never opened. */
function withdrawnAfter(step, replay) {
  const { closed, paper_closed: paper, takes_paper: takesPaper } = replay.rows.of(step.ref);
  if (closed === null || (takesPaper && paper === null)) return [];
  const cutOff = Math.max(closed.seq, paper?.seq ?? 0);
  return replay.states.selection(step.ref).items.filter(({ ref }) => (replay.contents.withdrawals.get(ref)?.seq ?? -1) >= cutOff);
}

function besideOf(result, replay) {
  const { row, step } = result;
  return {
    amendments: row.amendments, reschedulings: row.reschedulings, computed: row.computed, certified: row.certified, embargo_until: row.embargo_until,
    roll: row.roll, disclosed: row.disclosed, flags: row.flags,
    withdrawn_after: withdrawnAfter(step, replay).map(({ ref, position }) => ({ shown: shownRef(result, replay, position), ...replay.contents.withdrawals.get(ref) })),
    overrides: row.overrides.map((override) => ({ ...override, shown: shownRef(result, replay, override.position) })),
  };
}

/** What a result says of its lottery: how it was drawn, the seed, and which ties it broke. */
function lotteryDocument(result, replay) {
  const { lottery } = result.row.rules;
  const { revealed } = replay.states.of(`result/${result.step.ref}`);
  const drawings = drawingsOf(lottery);
  const drawn = result.lot === null ? -1 : drawings.findIndex((drawing) => completes(revealed, drawing));
  const ties = (result.outcome?.ties ?? []).filter((tie) => tie.broken_by.includes("lot"));
  return {
    drawn_from: drawn < 0 ? null : kindsOf(drawings[drawn])[0],
    by_fallback: drawn < 0 ? null : drawn > 0,
    seed: drawn < 0 ? null : hex(result.lot),
    commitments: result.row.commitments,
    reveals: result.row.reveals,
    ties: ties.map(({ step, members, split }) => ({ step, members: members.map((position) => shownRef(result, replay, position)), split })),
  };
}
