// Public tables as CSV: lines end in LF, quotes only where a cell needs them, words of people guarded against spreadsheets.

function cellText(cell) {
  return cell === null || cell === undefined ? "" : String(cell);
}

function quotedCell(text) {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function guardedText(text) {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** The lines of a table: its header, and one for each row of cells. A cell with a line feed makes several lines. */
function* tableLines(table, rows) {
  const columns = FACTS.columns[table];
  yield columns.map(([name]) => name).join(",");
  for (const row of rows) {
    const cells = row.map((cell, place) => quotedCell(columns[place][1] ? guardedText(cellText(cell)) : cellText(cell)));
    yield* cells.join(",").split("\n");
  }
}
