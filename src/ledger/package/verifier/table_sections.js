// The table `sections`: every text that was put up for participation, section by section, as it reads now and why.

/** Each text and its sections. Sections of one parent stand in the order of their seq. */
class TextRows {
  static types = new Set(["text.published", "section.added", "section.amended", "text.adopted", "content.erased"]);

  constructor() {
    this.texts = new Map();
    this.sections = new Map();
  }

  note(event, fields) {
    const { data, seq, at } = event;
    const key = `${data.ref}/${data.section}`;
    switch (event.type.split("/")[0]) {
      case "text.published":
        this.texts.set(data.ref, { text: data.ref, step: data.step ?? null, title: fields.title ?? null, seq, at, adopted: null, erased: new Set() });
        break;
      case "section.added":
        this.sections.set(key, {
          text: data.ref, section: data.section, parent: data.parent ?? null, title: fields.title ?? null, body: fields.body ?? null, written: seq,
          digest: data.digest ?? null, first_digest: data.digest ?? null, seq, at, amended: [], because_of: new Set(),
        });
        break;
      case "section.amended":
        this.amend(this.sections.get(key), event, fields);
        break;
      case "text.adopted":
        if (this.texts.has(data.ref)) this.texts.get(data.ref).adopted = { seq, digest: data.digest ?? null };
        break;
      default:
        this.texts.get(judgedRef(event, "text"))?.erased.add(data.entry);
    }
  }

  amend(row, { data, seq }, fields) {
    if (row === undefined) return;
    Object.assign(row, { body: fields.body ?? null, digest: data.digest ?? null, written: seq });
    row.amended.push(seq);
    for (const ref of data.because_of) row.because_of.add(ref);
  }
}

/** { position, depth, row } of the sections of one text, each before what stands under it. Sections whose parents lead nowhere come last. */
function sectionsInOrder(sections) {
  const rows = [...sections].sort((one, other) => one.seq - other.seq);
  const under = new Map();
  for (const row of rows) listed(under, row.parent).push(row);
  const placed = new Map();
  for (const root of [...(under.get(null) ?? []), ...rows]) {
    const waiting = [[0, root]];
    while (waiting.length) {
      const [depth, row] = waiting.pop();
      if (placed.has(row.section)) continue;
      placed.set(row.section, { position: placed.size + 1, depth, row });
      for (const child of [...(under.get(row.section) ?? [])].reverse()) waiting.push([depth + 1, child]);
    }
  }
  return [...placed.values()];
}

function* sectionRows(replay) {
  const { contents, folds } = replay;
  const [unshown, { texts, sections }] = [folds.of("unshown"), folds.of("texts")];
  const about = contributionsBySection(folds.of("contributions").rows.values());
  const ofText = new Map();
  for (const row of sections.values()) listed(ofText, row.text).push(row);
  for (const [ref, text] of byKey(texts)) {
    const { adopted, erased } = text;
    yield [
      ref, 0, null, null, null, text.step, text.seq, text.at, ...contents.worded(text.title), null, adopted?.digest, null, null, null, null,
      about.get(`${ref}/`) ?? 0, adopted?.seq, spaced(unshown.erased([["title", text.seq, "title"]], erased)),
    ];
    for (const { position, depth, row } of sectionsInOrder(ofText.get(ref) ?? [])) {
      const places = [["title", row.seq, "title"], ["body", row.written, "body"]];
      yield [
        ref, position, row.section, row.parent, depth, null, row.seq, row.at, ...contents.worded(row.title), contents.worded(row.body)[1],
        row.digest, row.first_digest, row.amended.length, spaced(row.amended), spaced([...row.because_of]),
        about.get(`${ref}/${row.section}`) ?? 0, null, spaced(unshown.erased(places, erased)),
      ];
    }
  }
}

/** `<text>/<section>`, or `<text>/` for a text as a whole → contributions about it. */
function contributionsBySection(rows) {
  const found = new Map();
  for (const { text, section } of rows) {
    if (text === null) continue;
    const key = `${text}/${section ?? ""}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

FOLDS.set("texts", TextRows);
TABLE_ROWS.set("sections", sectionRows);
