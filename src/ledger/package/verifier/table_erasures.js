// The table `erasures`: what was erased or redacted and why, who waited how long for it, what may not be erased, which keys are gone.

class ErasureRows {
  static types = new Set([
    "erasure.requested", "content.erased", "entry.redacted", "scope_key.destroyed", "legal_hold.placed", "legal_hold.lifted",
  ]);

  constructor() {
    this.erased = [];
    this.holds = new Map();
    this.keys = new Map();
    this.redacted = new Map();
    this.requests = new Map();
  }

  note(event) {
    const { seq, at, role, via, data } = event;
    const by = { seq, at, role, via };
    const { ref, target, code } = data;
    switch (event.type.split("/")[0]) {
      case "erasure.requested":
        this.requests.set(ref, { ...by, ref, extent: data.extent, target, ground: data.ground, entries: 0, ended_at: null });
        break;
      case "content.erased": {
        const { entry, erased: stream, digests, ground, request, authority } = data;
        this.erased.push({ ...by, entry, stream, fields: (digests ?? []).length, ground, request, authority });
        const asked = request === undefined ? undefined : this.requests.get(request);
        if (asked !== undefined) Object.assign(asked, { entries: asked.entries + 1, ended_at: asked.ended_at ?? at });
        break;
      }
      case "entry.redacted": {
        const { entry, stream, authority } = data;
        if (!this.redacted.has(entry)) this.redacted.set(entry, { ...by, entry, stream, ground: code, authority });
        break;
      }
      case "scope_key.destroyed":
        if (!this.keys.has(data.scope)) this.keys.set(data.scope, { ...by, scope: data.scope, ground: code });
        break;
      case "legal_hold.placed":
        this.holds.set(ref, { ...by, ref, target, ground: code, state: "standing", ended_at: null });
        break;
      default:
        if (this.holds.has(ref)) Object.assign(this.holds.get(ref), { state: "lifted", ended_at: at, end_code: code });
    }
  }

  /** [what, line], in the order of the table. */
  *lines(now) {
    for (const line of this.erased) yield ["erasure", line];
    for (const [, hold] of byKey(this.holds)) yield ["legal_hold", { ...hold, seconds: secondsBetween(hold.at, hold.ended_at ?? now) }];
    for (const [, key] of byKey(this.keys)) yield ["key_destroyed", key];
    for (const [, line] of [...this.redacted].sort(([one], [other]) => one - other)) yield ["redaction", line];
    for (const [, asked] of byKey(this.requests)) {
      const state = asked.ended_at === null ? "waiting" : "answered";
      yield ["request", { ...asked, state, seconds: secondsBetween(asked.at, asked.ended_at ?? now) }];
    }
  }
}

FOLDS.set("erasures", ErasureRows);
TABLE_ROWS.set("erasures", function* (replay) {
  const columns = FACTS.columns.erasures.map(([name]) => name);
  for (const [what, line] of replay.folds.of("erasures").lines(replay.folds.last)) yield columns.map((name) => (name === "what" ? what : line[name]));
});
