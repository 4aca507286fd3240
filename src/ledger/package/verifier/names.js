// Every name that a package may have, and every file that belongs to it (docs/formats/package.md).

const PAGES = ["README.en.txt", "README.fr.txt"];

function fixedNames(size, layout) {
  const names = [...PAGES, DISCLOSURES, EVENTS, CHECKPOINT, VKEY, MANIFEST, ...tilesOf(size).map((tile) => `log/${tilePath(...tile)}`)];
  if (layout >= 3) names.push("verify.html", "ledger/checkpoint", "ledger/vkey", "ledger/entries.ndjson", SIGNATURE);
  return names;
}

/** Name → kind of file, of everything that follows from the entries. */
function derivedNames(results, replay, layout) {
  const names = new Map();
  for (const result of results) {
    names.set(`results/${result.step.ref}.json`, "result");
    const spends = result.why === null && isOver(result.step) && result.step.rules.budget_minor !== undefined && result.count.items.length;
    if (spends) names.set(`pabulib/${result.step.ref}.pb`, "pabulib");
  }
  for (const table of FACTS.tables[layout === 1 ? "1" : "2"]) names.set(`tables/${table}.csv`, "table");
  if (layout === 1) return names;
  for (const [stream, step] of replay.states.streams) {
    if (!stream.startsWith("step/")) continue;
    const scales = Object.entries(step.scales).filter(([kind]) => kind !== "argument").map(([, scale]) => scale);
    if (scales.includes("agree_mixed_disagree")) names.set(`cap-collectif/${step.ref}.csv`, "shape");
    if (step.accepts.includes("proposal")) names.set(`decidim/${step.ref}.csv`, "shape");
    if (!scales.includes("agree_pass_disagree")) continue;
    for (const file of ["comments", "participants-votes", "summary", "votes"]) names.set(`polis/${folderOf(step.ref)}/${file}.csv`, "shape");
  }
  return names;
}

/** The name of a step's folder; `.` and `..` name none. */
function folderOf(step) {
  const name = step.replace(/~/g, "~7E");
  return name === "." || name === ".." ? name.replace(/\./g, "~2E") : name;
}

function checkNames(reader, derived, fixed, further, findings) {
  const parquet = [...derived].filter(([, kind]) => kind === "table").map(([name]) => name.replace(/\.csv$/, ".parquet"));
  const possible = new Set([...derived.keys(), ...parquet, ...fixed, ...further]);
  for (const name of reader.members.keys()) {
    if (!possible.has(name)) findings.fault("integrity", "file-unknown", name, "only files that docs/formats/package.md names", "a file of this name");
  }
  // One that is missing among others was taken out: a server writes all of them or none.
  const needed = parquet.some((name) => reader.has(name)) ? [...fixed, ...parquet] : fixed;
  for (const name of needed) if (!reader.has(name)) findings.fault("integrity", "file-missing", name, "a file that every such package has", "no such file");
}
