// The table `proposals` of packages of layout 1: every contribution, the withdrawn ones too, with its texts where they may be shown.

TABLE_ROWS.set("proposals", function* (replay) {
  const { contents, currency } = replay;
  for (const row of replay.folds.of("contributions").sorted()) {
    const told = (...names) => names.map((name) => row[name]);
    const [language, title] = contents.worded(row.title);
    yield [
      ...told("ref", "external_ref", "kind", "step", "district", "category", "cost_minor"), row.cost_minor === null ? null : currency,
      ...told("state", "author"), language, title, contents.worded(row.body)[1], ...placeCells(row.location), fieldsText(row.fields),
      ...told("derived_from", "meeting", "revision", "submitted_seq", "submitted_at", "revised_seq", "withdrawn_seq", "withdrawn_at", "withdrawn_code"),
      contents.worded(row.withdrawn_reason)[1], spaced([...row.selected_in].sort(byCodePoint)),
    ];
  }
});
