// The table `answers`: what the authority answered to each contribution, and how long it has said nothing.

const SECONDS_OF_A_DAY = 86_400;

function daysBetween(start, end) {
  const seconds = secondsBetween(start, end);
  return seconds === null ? null : Math.floor(seconds / SECONDS_OF_A_DAY);
}

function* answerRows(replay) {
  const { contents, folds } = replay;
  const unshown = folds.of("unshown");
  for (const row of folds.of("contributions").sorted()) {
    const about = [row.kind, row.step, row.submitted_at];
    if (row.state === "submitted" && !row.answers.length) {
      yield [row.ref, 0, ...about, null, null, null, null, null, null, daysBetween(row.submitted_at, folds.last), null];
    }
    for (const [place, { code, seq, at, role, body }] of row.answers.entries()) {
      const gone = unshown.erased([["body", seq, "body"]], row.erased);
      yield [row.ref, place + 1, ...about, code, seq, at, role, ...contents.worded(body), daysBetween(row.submitted_at, at), spaced(gone)];
    }
  }
}

TABLE_ROWS.set("answers", answerRows);
