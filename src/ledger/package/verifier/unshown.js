// Which texts of a log are not shown, and so which of them were erased.

/** The public committed fields that are not disclosed, as `<seq> <name>`. */
class UnshownFields {
  static types = new Set(
    Object.entries(FACTS.events).filter(([, fact]) => Object.values(fact.committed).includes("public")).map(([type]) => type.split("/")[0]),
  );

  constructor() {
    this.places = new Set();
  }

  note(event, fields) {
    const { committed } = event.fact;
    for (const name of Object.keys(committed)) {
      if (committed[name] === "public" && !Object.hasOwn(fields, name)) this.places.add(`${event.seq} ${name}`);
    }
  }

  /** The columns whose texts were erased, of [column, seq, field] triples: an erasure names the entry, and what is not shown of that is gone. */
  erased(places, entries) {
    return places.filter(([, seq, name]) => entries.has(seq) && this.places.has(`${seq} ${name}`)).map(([column]) => column);
  }
}

FOLDS.set("unshown", UnshownFields);

/** True while moderation withholds the texts of a content by this decision: it is hidden, or in a trash that nobody can read. */
function withholdsTexts(decision) {
  return decision !== null && (decision.decision === "hidden" || decision.trash === "invisible");
}

/** What moderation and erasure change on the row of a content; true where the event is one of theirs. */
function judgeContent(row, { type, data }) {
  switch (type.split("/")[0]) {
    case "content.hidden":
      row.moderation = { decision: "hidden", trash: null, motive: data.motive };
      row.moderated = true;
      return true;
    case "content.limited":
      row.moderation = { decision: "limited", trash: data.trash, motive: data.motive };
      row.moderated = true;
      return true;
    case "content.restored":
      row.moderation = null;
      return true;
    case "content.erased":
      row.erased.add(data.entry);
      return true;
    default:
      return false;
  }
}

/** The types that `judgeContent` reads. */
const JUDGING = ["content.hidden", "content.limited", "content.restored", "content.erased"];

/** The reference of the content of this family that such an event is about, or null; an erasure names the stream of the erased entry. */
function judgedRef(event, family) {
  const stream = event.type.startsWith("content.erased/") ? event.data.erased : event.data.target;
  return stream !== undefined && stream.startsWith(`${family}/`) ? stream.slice(family.length + 1) : null;
}

/** The cells of a decision in force, or of none. */
function decisionCells(decision) {
  if (decision === null) return [null, null];
  return [decision.trash === null ? decision.decision : `${decision.decision}_${decision.trash}`, decision.motive];
}

/** Fields of a platform as canonical JSON; null where there are none. */
function fieldsText(fields) {
  return isObject(fields) && Object.keys(fields).length ? canonicalText(fields) : null;
}

/** Latitude, longitude and address of a place. */
function placeCells(location) {
  return ["latitude", "longitude", "address"].map((name) => member(location, name) ?? null);
}
