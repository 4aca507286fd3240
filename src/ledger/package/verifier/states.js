// What the events of each stream add up to, as far as the laws ask. One object for each stream; blank ones are shared and never changed.

const BLANK = {
  project: () => ({
    version: 0, archived: false, clients: new Set(), people: new Set(), districts: new Set(), categories: new Set(), envelopes: new Set(),
    meetings: new Set(), motives: new Set(), steps: new Map(), destroyed: new Set(), keysDestroyedAt: null, continues: null,
  }),
  step: () => ({
    version: 0, ref: "", kind: null, status: "unplanned", opensAt: null, closesAt: null, accepts: [], hasRoll: false, takesPaper: false,
    agentMayReplace: false, rules: null, rulesDigest: null, announced: null, latest: null, secrecy: null, scales: {}, argumentsOn: [],
    openedSeq: null, closedSeq: null, paperClosedSeq: null, embargoUntil: null, rollCount: null, disclosed: false, check: null,
    title: null, ranking: "net",
  }),
  selection: () => ({ version: 0, items: [], positions: new Map(), selected: new Set(), deselected: new Set(), digest: null }),
  roll: () => ({ version: 0, members: new Set(), attended: new Map(), root: null }),
  result: () => ({
    version: 0, digest: null, certified: false, commitments: new Map(), revealed: { beacon: null, secrets: new Map(), numbers: null },
  }),
  text: () => ({ version: 0, step: null, sections: new Map(), adopted: false }),
  clustering: () => ({ version: 0, groups: new Map(), sealed: false }),
  privacy: () => ({ version: 0, requests: new Set(), holds: new Map(), lifted: new Set(), erased: new Map(), redacted: new Set() }),
  contribution: () => ({
    version: 0, kind: null, step: "", author: null, texts: 0, target: null, derivedFrom: null, mergeProposed: new Set(),
    mergeAccepted: new Set(), mergedInto: null, split: false, withdrawn: false,
  }),
  ballot: () => ({ version: 0, withdrawn: false, byAgent: false }),
  participant: () => ({ version: 0 }),
  argument: () => ({ version: 0, contribution: "", step: "", author: null, texts: 0, withdrawn: false }),
  stance: () => ({ version: 0, value: null, targetVersion: null, byAgent: false }),
  report: () => ({ version: 0 }),
  case: () => ({ version: 0, opened: false, decision: null, motive: null, moderator: "", until: null, appeal: null, stancesCounted: true }),
  suspension: () => ({ version: 0, until: null }),
  import: () => ({ version: 0, finished: false, stated: new Set() }),
};

function kindOf(stream) {
  const slash = stream.indexOf("/");
  return slash < 0 ? stream : stream.slice(0, slash);
}

class States {
  constructor() {
    this.streams = new Map();
    /** Streams that were read since this was set to an empty set, where somebody wants to know. */
    this.read = null;
    this.blank = Object.fromEntries(Object.entries(BLANK).map(([kind, make]) => [kind, make()]));
  }

  /** For reading only. */
  of(stream) {
    if (this.read !== null) this.read.add(stream);
    return this.streams.get(stream) || this.blank[kindOf(stream)];
  }

  /** To be changed by the fold of an event. */
  writable(stream) {
    let state = this.streams.get(stream);
    if (state === undefined) {
      state = BLANK[kindOf(stream)]();
      this.streams.set(stream, state);
    }
    return state;
  }

  get project() {
    return this.of("project");
  }

  step(ref) {
    return this.of(`step/${ref}`);
  }

  selection(step) {
    return this.of(`selection/${step}`);
  }

  roll(step) {
    return this.of(`roll/${step}`);
  }

  contribution(ref) {
    return this.of(`contribution/${ref}`);
  }

  argument(ref) {
    return this.of(`argument/${ref}`);
  }
}

/** True when nothing more can be cast in the step: it is closed, and so is the keying of paper where it was ever open. */
function isOver(step) {
  return step.status === "closed" && !(step.takesPaper && step.paperClosedSeq === null && step.openedSeq !== null);
}

/** The seq of the event that ended the casting; null as long as it goes on, and where it never began. */
function cutOffOf(step) {
  if (!isOver(step) || step.openedSeq === null || step.closedSeq === null) return null;
  return Math.max(step.closedSeq, step.paperClosedSeq ?? 0);
}
