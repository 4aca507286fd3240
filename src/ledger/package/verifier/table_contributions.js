// The table `contributions`: every contribution, whatever became of it, with its texts where they may be shown.

function* contributionRows(replay) {
  const { contents, currency } = replay;
  const unshown = replay.folds.of("unshown");
  for (const row of replay.folds.of("contributions").sorted()) {
    const told = (...names) => names.map((name) => row[name]);
    const [title, body] = [contents.worded(row.title), contents.worded(row.body)];
    yield [
      ...told("ref", "external_ref", "kind", "step", "text", "section", "target", "reply_to", "district", "category", "cost_minor"),
      row.cost_minor === null ? null : currency, ...told("state", "author", "collective"), contents.worded(row.collective_name)[1],
      title[0] ?? body[0], title[1], body[1], ...placeCells(row.location), fieldsText(row.fields),
      ...told("derived_from", "meeting", "revision", "texts", "submitted_seq", "submitted_at", "claimed_at", "revised_seq"),
      ...told("withdrawn_seq", "withdrawn_at", "withdrawn_code"), contents.worded(row.withdrawn_reason)[1],
      ...lineageCells(row), row.answers.at(-1)?.code, row.answers.at(-1)?.seq, row.answers.length,
      spaced([...row.selected_in].sort(byCodePoint)), spaced([...row.led_to]), spaced([...row.services]), row.attachments,
      ...decisionCells(row.moderation), row.moderated, spaced(unshown.erased(contributionPlaces(row), row.erased)),
    ];
  }
}

function lineageCells(row) {
  const proposed = row.merge_proposals.filter(({ state }) => state !== "refused").map(({ into }) => into);
  return [
    row.merged_into === null ? spaced(proposed) : null, row.merged_into, row.merged_seq, spaced([...row.absorbed]), spaced(row.split_into),
    row.split_seq,
  ];
}

/** [column, seq, field] of the texts that the row shows. While moderation withholds the content it is not told what was erased of it. */
function contributionPlaces(row) {
  const reason = ["withdrawn_reason", row.withdrawn_seq, "reason"];
  if (withholdsTexts(row.moderation)) return [reason];
  return [...VERSION_TEXTS.map((name) => [name, row.last_text, name]), ["collective_name", row.submitted_seq, "collective_name"], reason];
}

TABLE_ROWS.set("contributions", contributionRows);
