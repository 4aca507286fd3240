// Where counts that a source published of its own acts differ from what the same acts come to in the log (docs/formats/report.md).
// Such a difference says something about the source, not about the package, so no verdict depends on it.

const COUNT_NAMES = FACTS.events["aggregate.recorded/1"].data.properties.counts.propertyNames.enum;
const LINES_OF_DIFFERENCES = 20;

/** The differences by target, then import, then in the order of the counts. */
function publishedDifferences(replay) {
  const published = byKey(replay.folds.of("aggregates").rows).map(([, row]) => row).filter(({ basis }) => basis === "published");
  if (!published.length) return [];
  const { rows } = replay.folds.of("tallies");
  const linked = linkedCounts(rows);
  const told = (target, import_ref, count, stated) => {
    const tally = rows.has(target) ? new Tally(target, rows.get(target), undefined) : undefined;
    const [replayed, replayed_all_rows] = replayedCount(count, tally, linked.get(target));
    return { target, ref: target.slice(target.indexOf("/") + 1), import: import_ref, count, published: stated, replayed, replayed_all_rows };
  };
  const found = unstatedTargets(published, rows).map(([target, import_ref]) => told(target, import_ref, "votes", null));
  for (const { target, import: import_ref, counts } of published) {
    const compared = COUNT_NAMES.filter((name) => Object.hasOwn(counts, name)).map((name) => told(target, import_ref, name, counts[name]));
    found.push(...compared.filter((each) => each.published !== each.replayed));
  }
  const place = ({ count }) => COUNT_NAMES.indexOf(count);
  return found.sort((one, other) => byCodePoint(one.target, other.target) || byCodePoint(one.import, other.import) || place(one) - place(other));
}

/** [target, import] of what an import states no votes of, though it states those on others of its kind and step. */
function unstatedTargets(published, rows) {
  const stated = published.filter(({ counts }) => Object.hasOwn(counts, "votes"));
  const known = new Set(stated.map(({ target }) => target));
  const like = new Map();
  const sort = ({ kind, step }) => `${kind} ${step}`;
  for (const { target, import: import_ref } of stated) {
    const row = rows.get(target);
    if (row !== undefined && !like.has(sort(row))) like.set(sort(row), import_ref);
  }
  return [...rows].filter(([target, row]) => like.has(sort(row)) && !known.has(target)).map(([target, row]) => [target, like.get(sort(row))]);
}

/** A line for each target and import with its counts that differ; the first ones, then how many more there are. */
function differenceLines(differences) {
  const said = words().published;
  const lines = new Map();
  for (const { target, import: import_ref, count, published, replayed, replayed_all_rows } of differences) {
    const every = replayed_all_rows === null || replayed_all_rows === replayed ? "" : filled(said.allRows, { all: replayed_all_rows });
    listed(lines, `${target} (${import_ref})`).push(filled(published === null ? said.unstated : said.count, { count, published, replayed }) + every);
  }
  const told = [...lines].map(([about, each]) => `${about} – ${each.join("; ")}`);
  const more = told.length - LINES_OF_DIFFERENCES;
  return more <= 0 ? told : [...told.slice(0, LINES_OF_DIFFERENCES), filled(said.more, { more })];
}

function differencesView(report) {
  if (!report.published_differences.length) return [];
  const lines = differenceLines(report.published_differences).map((line) => element("li", {}, line));
  return [element("h2", {}, words().published.title), element("p", {}, words().published.meaning), element("ul", {}, lines)];
}
