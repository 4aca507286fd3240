// What each contribution says now, what it comes from, and what became of it. No event removes a row.

const VERSION_TEXTS = ["title", "body", "location", "fields"];
const TOLD_WHEN_SUBMITTED = [
  "ref", "external_ref", "kind", "step", "text", "section", "target", "reply_to", "district", "category", "cost_minor", "derived_from",
  "meeting", "collective",
];

function textsOf(fields) {
  return Object.fromEntries(VERSION_TEXTS.map((name) => [name, fields[name] ?? null]));
}

class ContributionRows {
  static types = new Set([
    "contribution.submitted", "contribution.revised", "contribution.withdrawn", "contribution.formalised_with", "contribution.merge_proposed",
    "contribution.merge_accepted", "contribution.merge_refused", "contribution.merged_into", "contribution.split_into", "contribution.attached",
    "contribution.answered", "proposal.selected", "proposal.deselected", "section.amended", ...JUDGING,
  ]);

  constructor() {
    this.rows = new Map();
  }

  note(event, fields) {
    const name = event.type.split("/")[0];
    if (name === "contribution.submitted") this.rows.set(event.data.ref, submittedRow(event, fields));
    else for (const ref of refsOf(name, event)) this.change(ref, name, event, fields);
  }

  /** What was never submitted has no row, and nothing to show. */
  change(ref, name, event, fields) {
    const row = this.rows.get(ref);
    if (row === undefined || judgeContent(row, event)) return;
    CONTRIBUTION_CHANGES[name](row, event, fields);
  }

  /** Ascending by reference. */
  sorted() {
    return byKey(this.rows).map(([, row]) => row);
  }
}

/** The contributions whose rows an event may change, each once. */
function refsOf(name, event) {
  const { data } = event;
  if (name === "contribution.merged_into") return new Set([data.ref, data.into]);
  if (name === "section.amended") return new Set(data.because_of);
  if (!name.startsWith("content.")) return [data.ref];
  const ref = judgedRef(event, "contribution");
  return ref === null ? [] : [ref];
}

function submittedRow(event, fields) {
  const { data, seq, at } = event;
  return {
    ...Object.fromEntries(TOLD_WHEN_SUBMITTED.map((name) => [name, data[name] ?? null])),
    author: event.actor ?? null, collective_name: fields.collective_name ?? null, state: "submitted", revision: event.version, texts: 1,
    last_text: seq, submitted_seq: seq, submitted_at: at, claimed_at: event.claimed_at ?? null, revised_seq: null, withdrawn_seq: null,
    withdrawn_at: null, withdrawn_code: null, withdrawn_reason: null, selected_in: new Set(), services: new Set(), led_to: new Set(),
    attachments: 0, answers: [], merge_proposals: [], merged_into: null, merged_seq: null, absorbed: new Set(), split_into: [], split_seq: null,
    moderation: null, moderated: false, erased: new Set(), ...textsOf(fields),
  };
}

/** The last proposal to go into that contribution is decided; where there is none, nothing changes. */
function decideMerge(row, into, state) {
  const proposal = row.merge_proposals.findLast((one) => one.into === into);
  if (proposal !== undefined) proposal.state = state;
}

const CONTRIBUTION_CHANGES = {
  "contribution.revised": (row, { data, seq, version }, fields) => {
    for (const name of ["district", "category", "cost_minor"]) row[name] = data[name] ?? row[name];
    Object.assign(row, { revision: version, texts: row.texts + 1, last_text: seq, revised_seq: seq, ...textsOf(fields) });
  },
  "contribution.withdrawn": (row, { data, seq, at }, fields) => {
    Object.assign(row, { state: "withdrawn", withdrawn_seq: seq, withdrawn_at: at, withdrawn_code: data.code, withdrawn_reason: fields.reason ?? null });
  },
  "contribution.formalised_with": (row, { data }) => row.services.add(data.service),
  "contribution.attached": (row) => {
    row.attachments += 1;
  },
  "contribution.answered": (row, { data, seq, at, role }, fields) => row.answers.push({ code: data.code, seq, at, role, body: fields.body ?? null }),
  "contribution.merge_proposed": (row, { data }) => row.merge_proposals.push({ into: data.into, state: "proposed" }),
  "contribution.merge_accepted": (row, { data }) => decideMerge(row, data.into, "accepted"),
  "contribution.merge_refused": (row, { data }) => decideMerge(row, data.into, "refused"),
  "contribution.merged_into": (row, { data, seq }) => {
    if (row.ref === data.ref) Object.assign(row, { state: "merged", merged_into: data.into, merged_seq: seq });
    else row.absorbed.add(data.ref);
  },
  "contribution.split_into": (row, { data, seq }) => Object.assign(row, { state: "split", split_into: data.parts, split_seq: seq }),
  "proposal.selected": (row, { data }) => row.selected_in.add(data.step),
  "proposal.deselected": (row, { data }) => row.selected_in.delete(data.step),
  "section.amended": (row, { data }) => row.led_to.add(`${data.ref}/${data.section}`),
};

FOLDS.set("contributions", ContributionRows);
