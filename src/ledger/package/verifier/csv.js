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

/** The cells of CSV as it is written here, row by row; what is not well formed gives other rows than were meant, and so a difference. */
function readCsv(text) {
  const rows = [];
  let [row, at] = [[], 0];
  while (at < text.length) {
    let cell;
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) end = text.length;
      cell = text.slice(at + 1, end).replace(/""/g, '"');
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== "," && text[end] !== "\n") end += 1;
      cell = text.slice(at, end);
      at = end;
    }
    row.push(cell);
    if (text[at] === ",") {
      at += 1;
      continue;
    }
    rows.push(row);
    row = [];
    at += 1;
  }
  return rows;
}
