// pabulib/<step>.pb made again (docs/formats/tables.md, Pabulib).

const WITHDRAWN_COST = 999_999_999;
const OWN_SCORE = { choose_one: "approvals", approval: "approvals", cart: "approvals", cumulative: "points", ranked: "borda", score: "grades", yes_no_blank: "plus_minus" };
const VOTE_TYPES = { choose_one: "choose-1", approval: "approval", cart: "approval", cumulative: "cumulative", ranked: "ordinal" };
const VOTING_METHODS = new Map([["web", "internet"], ["paper", "paper"]]);
const WITHOUT_MINOR = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const IN_THOUSANDTHS = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

function minorPlaces(currency) {
  if (WITHOUT_MINOR.has(currency)) return 0;
  return IN_THOUSANDTHS.has(currency) ? 3 : 2;
}

function majorUnits(minor, currency) {
  const places = minorPlaces(currency);
  const unit = 10n ** BigInt(places);
  const [whole, rest] = [BigInt(minor) / unit, BigInt(minor) % unit];
  return rest ? `${whole}.${String(rest).padStart(places, "0")}` : String(whole);
}

function oneLine(text) {
  return text.split(/[\s\u001c-\u001f\u0085]+/).filter((word) => word !== "").join(" ");
}

function pbLine(cells) {
  return cells.map((cell) => (/[";\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)).join(";");
}

/** (position, points) of the entries of a ballot, most points first. */
function pbMarks(rules) {
  if (rules.ballot.form === "ranked") {
    const score = rules.score.by === "borda" ? rules.score : { by: "borda", variant: "ballot_length_to_one" };
    const worth = placePoints({ ...rules, score });
    return (entries) => entries.map((position, rank) => [position, worth(rank, entries.length)]);
  }
  const zeros = rules.ballot.form !== "yes_no_blank";
  return (entries) => {
    if (!entries.length || !Array.isArray(entries[0])) return entries.map((position) => [position, 0n]);
    const pairs = entries.filter(([, value]) => zeros || value);
    return pairs.sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([position, value]) => [position, BigInt(value)]);
  };
}

function* pabulibLines(result, replay) {
  const { step, row, count, outcome } = result;
  const { rules } = row;
  const marksOf = pbMarks(rules);
  const shown = count.items.map(({ position }) => shownRef(result, replay, position));
  const unfit = (name) => /[",;\s\u001c-\u001f\u0085]/.test(name) || /^(meta|projects|votes)$/i.test(name);
  const ids = new Set(shown).size === shown.length && !shown.some(unfit) ? shown : count.items.map(({ ref }) => ref);
  const projects = pbProjects(result, replay, ids, marksOf);
  const costs = projects.reduce((sum, { cost }) => sum + BigInt(cost.split(".")[0]), 0n);
  const blank = count.profile.reduce((sum, { entries, count: times }) => sum + (marksOf([...entries]).length ? 0 : times), 0);
  yield* ["META", "key;value"];
  for (const [name, value] of pbMeta(result, replay, count.counted - blank, costs)) if (value !== null) yield* pbLine([name, oneLine(String(value))]).split("\n");
  yield "PROJECTS";
  yield pbLine(Object.keys(projects[0]));
  for (const project of projects) yield* pbLine(Object.values(project)).split("\n");
  yield* pbVotes(result, replay, marksOf, ids);
  void outcome;
  void step;
}

function pbProjects(result, replay, ids, marksOf) {
  const { row, count, outcome } = result;
  const { contents, currency } = replay;
  const votes = count.items.map(() => 0n);
  const points = count.items.map(() => 0n);
  for (const { entries, count: times } of count.profile) {
    for (const [position, worth] of marksOf([...entries])) {
      votes[position] += BigInt(times);
      points[position] += BigInt(times) * worth;
    }
  }
  const outside = row.published.at(-1)?.outside_rule ?? [];
  const isWithdrawn = new Set(count.withdrawn);
  const label = (ref, names) => (ref === null ? "" : oneLine(contents.worded(names.get(ref) ?? null)[1] ?? "") || ref);
  const selected = (position) => {
    if ((outcome.winners ?? []).includes(position)) return outcome.items[position].status.reserve_minor ? "2" : "1";
    return outside.includes(position) ? "2" : "0";
  };
  const rows = pbOrder(result).map((position) => {
    const item = count.items[position];
    const place = contents.locations.get(item.ref);
    const placed = place && place.latitude && place.longitude ? place : {};
    return {
      project_id: ids[position], cost: isWithdrawn.has(position) ? String(WITHDRAWN_COST) : majorUnits(item.cost, currency), votes: String(votes[position]),
      score: String(points[position]), name: oneLine(contents.worded(contents.titles.get(item.ref) ?? null)[1] ?? "") || ids[position],
      category: oneLine(label(item.category, contents.categories).replaceAll(",", " ")), selected: selected(position),
      district: label(item.district, contents.districts), latitude: placed.latitude ?? "", longitude: placed.longitude ?? "",
    };
  });
  const dropped = new Set();
  if (["approval", "choose-1"].includes(VOTE_TYPES[row.rules.ballot.form])) dropped.add("score");
  if (outcome.winners === null) dropped.add("selected");
  if (!rows.some(({ category }) => category)) dropped.add("category");
  if (!rows.every(({ district }) => district)) dropped.add("district");
  if (!rows.some(({ latitude }) => latitude)) dropped.add("latitude").add("longitude");
  return rows.map((cells) => Object.fromEntries(Object.entries(cells).filter(([name]) => !dropped.has(name))));
}

/** All positions in the order of the rule; of the ballot paper where no rule was declared. */
function pbOrder({ row, count, outcome, lot }) {
  if (outcome.winners === null) return count.items.map(({ position }) => position);
  const votes = outcome.items.map((item) => item.votes);
  const score = outcome.items.map((item) => item.score);
  return orderOf(score.keys(), score, new Ladder(row.rules, count.items, votes, lot));
}

function* pbMeta(result, replay, listedVotes, allCosts) {
  const { row, count } = result;
  const { contents, currency } = replay;
  const { rules } = row;
  const words = (texts) => contents.worded(texts)[1] ?? "";
  const date = (stamp) => (stamp === null ? null : `${stamp.at.slice(8, 10)}.${stamp.at.slice(5, 7)}.${stamp.at.slice(0, 4)}`);
  const budget = majorUnits(rules.budget_minor, currency);
  const [rule, threshold] = pbRule(result, currency);
  yield ["description", `${words(contents.project.title)} - ${words(row.title)}`.replace(/^[ -]+|[ -]+$/g, "")];
  yield ["country", "Worldwide"];
  yield ["unit", words(contents.project.owner)];
  yield ["instance", replay.entries.checkpoint.origin.split("/").pop()];
  yield ["num_projects", count.items.length];
  yield ["num_votes", listedVotes];
  yield ["budget", budget];
  yield ["vote_type", VOTE_TYPES[rules.ballot.form] ?? "scoring"];
  yield ["rule", rule];
  yield ["date_begin", date(row.opened)];
  yield ["date_end", date(row.closed)];
  yield* pbLimits(rules.ballot, count.items.length, currency);
  yield ["min_project_score_threshold", threshold];
  yield ["language", contents.languages.find((tag) => tag.length === 2) ?? null];
  yield ["currency", currency || null];
  yield ["fully_funded", BigInt(budget.split(".")[0]) >= allCosts ? 1 : null];
  yield ["comment", pbComment(result, replay)];
}

function pbLimits(form, candidates, currency) {
  const most = (limit) => (limit === undefined ? null : Math.min(limit, candidates));
  const money = (minor) => (minor === undefined ? null : majorUnits(minor, currency));
  switch (form.form) {
    case "choose_one":
      return [["min_length", 1], ["max_length", 1]];
    case "approval":
      return [["min_length", form.min ?? null], ["max_length", most(form.max)]];
    case "ranked":
      return [["min_length", form.min_length ?? null], ["max_length", most(form.max_length)]];
    case "cart":
      return [["min_length", form.min_items ?? null], ["max_length", most(form.max_items)], ["min_sum_cost", money(form.min_spend_minor)], ["max_sum_cost", money(form.budget_minor)]];
    case "cumulative":
      return [
        ["min_length", form.min_items ?? null], ["max_length", most(form.max_items)], ["max_points", form.max_per_item ?? null],
        ["min_sum_points", form.min_sum ?? null], ["max_sum_points", form.sum],
      ];
    case "score":
      return [["min_points", form.min_score], ["max_points", form.max_score]];
    default:
      return [["min_points", -1], ["max_points", 1]];
  }
}

/** Pabulib's name for the rule, and the least score if there is one. */
function pbRule({ row, count, outcome }, currency) {
  const { rules } = row;
  if (rules.rule === "undeclared") return ["unknown", null];
  if (rules.rule === "equal-shares") return [pbSharesName(rules, currency), null];
  const custom = ["greedy-custom", null];
  if (rules.score.by !== OWN_SCORE[rules.ballot.form] || rules.envelopes || rules.max_winners !== undefined || rules.quorum) return custom;
  const onListed = rules.threshold && (rules.threshold.on === "score" || rules.score.by === "approvals");
  if (rules.unaffordable.then === "fund_if_left" || (rules.threshold && !onListed)) return custom;
  const gone = new Set(count.withdrawn);
  const marked = BigInt(WITHDRAWN_COST) * 10n ** BigInt(minorPlaces(currency));
  if (count.items.some(({ position, cost }) => !gone.has(position) && BigInt(cost) === marked)) return custom;
  const tally = { cast: outcome.cast, expressed: outcome.cast - outcome.blank, enrolled: outcome.enrolled };
  let least = rules.threshold ? leastSupport(rules.threshold, tally) : 0n;
  if (least === 0n && outcome.items.some(({ votes }) => votes === 0n)) least = 1n;
  const bound = least === 0n ? null : least;
  if (rules.exclusive_sets.length) return ["greedy-exclusive", bound];
  if (rules.unaffordable.then === "stop") return ["greedy-no-skip", bound];
  return bound === null ? ["greedy", null] : ["greedy-threshold", bound];
}

function pbSharesName(rules, currency) {
  const options = rules.equal_shares;
  const usual = rules.score.by === "approvals" ? "cost" : "points";
  if (options.utility !== usual || rules.threshold || rules.quorum) return "unknown";
  const compared = options.comparison === "none" ? "" : "-comparison";
  if (options.completion === "none" && options.start === "fraction") return `equalshares${compared}`;
  const byOne = options.increment_minor === 10 ** minorPlaces(currency);
  return options.completion === "add1" && options.start === "integral" && byOne ? `equalshares/add1${compared}` : "unknown";
}

function pbComment(result, replay) {
  const { step, row, count, outcome } = result;
  const remarks = [`Counted by ${outcome.rule}; its whole specification is in results/${step.ref}.json.`];
  if (outcome.blank) remarks.push(`${outcome.blank} blank ballots were cast and counted; a file of this format cannot list them.`);
  if (count.withdrawn.length) {
    const names = count.withdrawn.map((position) => shownRef(result, replay, position)).join(", ");
    remarks.push(`Withdrawn before the count, marked by the cost ${WITHDRAWN_COST}: ${names}.`);
  }
  const outside = row.published.at(-1)?.outside_rule ?? [];
  if (outside.length || outcome.items.some(({ status }) => status.reserve_minor)) remarks.push("selected = 2: funded with money outside the budget.");
  return remarks.map((remark, place) => `#${place + 1}: ${remark}`).join(" ");
}

function* pbVotes({ step, row, count }, replay, marksOf, ids) {
  const withPoints = !["approval", "choose-1"].includes(VOTE_TYPES[row.rules.ballot.form]);
  const withMethod = !heldBack(count).size && count.byChannel.size > 0 && [...count.byChannel.keys()].every((channel) => VOTING_METHODS.has(channel));
  yield "VOTES";
  yield ["voter_id", "vote", ...(withPoints ? ["points"] : []), ...(withMethod ? ["voting_method"] : [])].join(";");
  for (const ballot of replay.ballots.of(step.ref)) {
    const written = count.entriesOf(ballot);
    if (written === null || count.reason(ballot, written) !== null) continue;
    const marks = marksOf([...(ballot.entries ?? ballot.disclosed)]);
    if (!marks.length) continue;
    const named = marks.map(([position]) => ids[position]).join(",");
    const cells = [ballot.actor, named, ...(withPoints ? [marks.map(([, worth]) => worth).join(",")] : []), ...(withMethod ? [VOTING_METHODS.get(ballot.channel)] : [])];
    yield cells.join(";");
  }
}
