// What can be said only when all entries were replayed.

async function judge(verification, replay, manifest, progress) {
  const { findings } = verification;
  if (replay.whole) {
    findings.lookedAt.add("lawfulness");
    if (await judgeResults(verification, replay, manifest, progress)) findings.lookedAt.add("results");
  } else {
    const why = "not every entry could be read and folded";
    findings.leftOut("lawfulness", "replay-incomplete", "whether every event was lawful", why);
    findings.leftOut("results", "replay-incomplete", "tables and results", why);
    findings.leftOut("integrity", "replay-incomplete", "why some texts are not disclosed", why);
  }
  await manifest.checkDigests(progress);
}

/** True when the results were gone through to their end. */
async function judgeResults(verification, replay, manifest, progress) {
  const { findings, name } = verification;
  try {
    checkSealed(replay, findings);
    progress("counting", 0, 0);
    const results = countSteps(replay);
    verification.results = results.filter(({ why }) => why === null).map((result) => summaryOf(result, replay));
    checkCertified(verification.part, results, findings);
    const unreplayable = tellUnreplayable(replay, findings);
    checkComputed(results, unreplayable, findings);
    const derived = derivedNames(results, replay, manifest.layout);
    await checkDerived(derived, results, replay, manifest, findings, progress);
    await checkDescriptions(replay, manifest, findings);
    tellLotteries(replay, findings);
    const proven = manifest.layout < 3 ? [] : [LEDGER_POLICY, LEDGER_TIMESTAMP, ...(verification.part?.files ?? [])];
    checkNames(replay.reader, derived, fixedNames(replay.entries.size, manifest.layout), proven, findings);
  } catch (error) {
    const found = `${error.name}: ${error.message}`;
    findings.fault("results", "not-countable", name, "entries from which results follow", found);
    return false;
  }
  return true;
}

/** Files that follow from the entries: made again where this page can make them, and otherwise named as not made again. */
async function checkDerived(derived, results, replay, manifest, findings, progress) {
  const left = [];
  for (const result of results) await checkResultFile(result, replay, findings);
  for (const [name, kind] of derived) {
    progress(name, 0, 0);
    if (kind === "result") continue;
    const lines = madeAgain(name, results, replay);
    if (!replay.reader.has(name)) findings.fault("results", "file-missing", name, "a file that follows from the entries", "no such file");
    else if (lines === null) left.push(name);
    else await compareLines(name, lines, replay.reader, findings);
  }
  const parquet = [...replay.reader.members.keys()].filter((name) => name.endsWith(".parquet"));
  left.push(...parquet);
  if (left.length) findings.leftOut("results", "tables", left.join(", "), "this page does not make them again; ledger verify does");
}

/** The file reads as expected, or a finding names the first line that differs. */
async function compareLines(name, expected, reader, findings, stage = "results") {
  let line = 0;
  const differs = (mine, theirs) => findings.fault(stage, "file-differs", `${name} line ${line}`, mine ?? "no such line", theirs ?? "no such line");
  try {
    const found = splitText(reader.chunks(name));
    let differed = false;
    for (const mine of expected) {
      const next = await found.next();
      line += 1;
      if (!differed && (next.done || next.value !== mine)) {
        differs(mine, next.done ? null : next.value);
        differed = true;
        break;
      }
    }
    const more = differed ? { done: true } : await found.next();
    line += 1;
    if (!more.done) differs(null, more.value);
    for await (const rest of found) void rest;
  } catch (error) {
    if (!(error instanceof FileDamaged)) throw error;
    findings.fault("reading", error.code, error.place, "a file that can be read back", error.why);
  }
}

/** The lines of a text in pieces; what follows the last line feed is a line only where it is not empty. */
async function* splitText(pieces) {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop();
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield `${rest}\u0000`;
}

/** The lines of a derived file, or null where this page does not make it. */
function madeAgain(name, results, replay) {
  switch (name) {
    case "tables/ballots.csv":
      return tableLines("ballots", ballotRows(results, replay));
    case "tables/turnout.csv":
      return tableLines("turnout", turnoutRows(results));
    case "tables/stances.csv":
      return tableLines("stances", replay.stances.cells(replay));
    case "tables/budget_result.csv":
      return tableLines("budget_result", budgetResultRows(results, replay));
    default:
  }
  const table = /^tables\/([a-z_]+)\.csv$/.exec(name)?.[1];
  if (TABLE_ROWS.has(table)) return tableLines(table, TABLE_ROWS.get(table)(replay, results));
  const match = /^pabulib\/(.+)\.pb$/.exec(name);
  return match === null ? shapeLines(name, replay) : pabulibLines(results.find(({ step }) => step.ref === match[1]), replay);
}

/** What the lot was drawn from, and nobody here can prove. */
function tellLotteries(replay, findings) {
  const reveals = [...replay.rows.rows.values()].flatMap((row) => row.reveals);
  const beacons = reveals.filter(({ beacon }) => beacon !== undefined).length;
  const drawings = reveals.reduce((sum, { numbers }) => sum + (numbers === undefined ? 0 : numbers.length), 0);
  if (beacons) findings.leftOut("results", "beacon", `the signatures of ${beacons} rounds of a beacon`, "this page cannot check them; ledger verify does");
  if (drawings) {
    const why = "they are compared with what those lotteries published, by whoever wants to know";
    findings.leftOut("results", "lottery-numbers", `the numbers of ${drawings} drawings of public lotteries`, why);
  }
}
