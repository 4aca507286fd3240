// decidim/<step>.csv: proposals in the columns of Decidim's open data.

const DECIDIM_COLUMNS = [
  "id", "author/id", "author/name", "author/url", "taxonomies/ids", "taxonomies/name", "participatory_space/id", "participatory_space/url",
  "component/id", "title", "body", "address", "latitude", "longitude", "state", "state_published_at", "reference", "answer", "answered_at", "votes",
  "likes/total_count", "likes/user_endorsements", "comments", "attachments", "follows_count", "published_at", "url", "meeting_urls",
  "related_proposals", "is_amend", "original_proposal/title", "original_proposal/url", "withdrawn", "withdrawn_at", "created_at", "updated_at",
  "created_in_meeting", "coauthorships_count", "cost", "cost_report", "execution_period",
];
/** Columns that there is one of for each language of the project. */
const BY_LANGUAGE = new Set(["taxonomies/name", "title", "body", "answer", "original_proposal/title"]);
const DECIDIM_STATES = { retained: "accepted", adapted: "accepted", rejected: "rejected", noted: "noted" };

/** The text in each language of the project; one that is in none of these stands in the first column. */
function textCells(replay, languages, name, texts) {
  let told = isObject(texts) ? texts : {};
  if (Object.keys(told).length && !languages.some((language) => Object.hasOwn(told, language))) told = { [languages[0]]: wordsOf(replay, told) };
  return Object.fromEntries(languages.map((language) => [`${name}/${language}`, guardedText(Object.hasOwn(told, language) ? told[language] : "")]));
}

function proposalCells(row, replay, languages) {
  const { contents, currency, entries } = replay;
  const url = (ref) => (ref === null ? "" : `${entries.checkpoint.origin}/contribution/${ref}`);
  const place = (name) => member(row.location, name) || "";
  const [at, answer] = [createdAt(row), row.answers.at(-1) ?? null];
  const answered = answer === null ? "" : wallClock(answer.at);
  return {
    id: row.ref, "author/id": row.author, "taxonomies/ids": row.category,
    ...textCells(replay, languages, "taxonomies/name", contents.categories.get(row.category ?? "None")),
    "participatory_space/id": guardedText(entries.checkpoint.origin), "component/id": row.step,
    ...textCells(replay, languages, "title", row.title), ...textCells(replay, languages, "body", row.body),
    address: guardedText(String(place("address"))), latitude: place("latitude"), longitude: place("longitude"),
    reference: guardedText(row.external_ref || row.ref), published_at: at, created_at: at, url: url(row.ref), meeting_urls: row.meeting,
    related_proposals: url(row.derived_from), is_amend: row.kind === "amendment",
    "original_proposal/url": row.kind === "amendment" ? url(row.target) : "", created_in_meeting: row.meeting !== null,
    coauthorships_count: row.author === null ? 0 : 1, cost: row.cost_minor === null ? "" : majorUnits(row.cost_minor, currency),
    state: DECIDIM_STATES[answer?.code] ?? "not_answered", state_published_at: answered,
    ...textCells(replay, languages, "answer", answer?.body), answered_at: answered, withdrawn: row.withdrawn_at !== null,
    withdrawn_at: wallClock(row.withdrawn_at), attachments: row.attachments,
  };
}

/** How many people are for it now, on whichever version of its text. */
function peopleFor(replay, row) {
  const tally = replay.folds.of("tallies").rows.get(`contribution/${row.ref}`);
  if (tally === undefined || tally.step !== row.step) return 0;
  let sum = 0;
  for (const values of tally.stances.values()) for (const [value, count] of values) if (STANCE_SIDES.get(value) === "positive") sum += count;
  return sum;
}

function* decidimRows(replay, step) {
  const languages = replay.contents.languages.length ? replay.contents.languages : ["en"];
  const columns = DECIDIM_COLUMNS.flatMap((name) => (BY_LANGUAGE.has(name) ? languages.map((language) => `${name}/${language}`) : [name]));
  yield columns;
  const rows = replay.folds.of("contributions").sorted();
  const comments = numberOfEach(rows.filter(({ kind }) => kind === "comment").map(({ target }) => target));
  const scales = replay.folds.of("tallies").declared.get(step)?.scales ?? {};
  for (const row of rows) {
    if (row.step !== step || !["proposal", "amendment"].includes(row.kind)) continue;
    const votes = Object.hasOwn(scales, row.kind) ? peopleFor(replay, row) : "";
    const cells = { ...proposalCells(row, replay, languages), votes, comments: comments.get(row.ref) ?? 0 };
    yield columns.map((column) => cells[column] ?? "");
  }
}

SHAPES.set("decidim", (replay, name, step) => delimitedLines(decidimRows(replay, step), ";"));
