// The table `changes`: how rules, dates, scales, roles and motives came to be what they are, each with what held before and after.

const EARLY = "step.closed_early";

class ChangeRows {
  static types = new Set([
    "step.planned", "step.rules_set", "step.stances_set", "step.opened", "step.rescheduled", "step.rules_amended", "step.suspended", "step.resumed",
    "step.closed", EARLY, "results.embargoed", "role.granted", "role.revoked", "motive.defined", "envelope.defined", "charter.adopted",
  ]);

  constructor() {
    this.lines = [];
    /** Key of what changes → { phase, now }: where it stands, and the value of each of its matters. */
    this.kept = new Map();
  }

  note(event, fields) {
    const [name] = event.type.split("/");
    const [family, of] = changedPlace(name, event.data);
    const key = `${family}/${of ?? ""}`;
    if (!this.kept.has(key)) this.kept.set(key, { phase: family === "step" ? "planned" : null, now: {} });
    const kept = this.kept.get(key);
    if (name === "step.opened" || name === "step.closed") {
      kept.phase = name === "step.opened" ? "open" : "closed";
      return;
    }
    const [what, value] = changedMatter(name, event, kept.now);
    const [step, ref] = family === "step" ? [of, null] : [null, of];
    const [old, now] = difference(kept.now[what] ?? null, value);
    const { seq, at, role, via } = event;
    this.lines.push({ seq, at, what, step, ref, phase: kept.phase, old, now, code: event.data.code, reason: fields.reason ?? null, role, via });
    // Rules amended after the closing are recorded, and are not the ones that count.
    if (!(name === "step.rules_amended" && kept.phase === "closed")) {
      kept.now = { ...kept.now, [what]: value };
      if (event.data.lottery !== undefined && name === "step.rescheduled") kept.now.rules = { ...kept.now.rules, lottery: event.data.lottery };
    }
    if (name === EARLY) kept.phase = "closed";
  }
}

/** What changes: its kind, and its name where there are several. */
function changedPlace(name, data) {
  if (data.step !== undefined) return ["step", data.step];
  if (name.startsWith("role.")) return ["role", data.holder || `client:${data.client ?? "None"}`];
  return name === "charter.adopted" ? ["charter", null] : [name.split(".")[0], data.ref];
}

/** What the event is about, and how that is from here on. */
function changedMatter(name, event, now) {
  const { data } = event;
  const roles = new Set(now.roles?.roles ?? []);
  switch (name) {
    case "step.rules_set":
      return ["rules", { ...data.rules, secrecy: data.secrecy }];
    case "step.rules_amended":
      return ["rules", { ...data.rules, secrecy: now.rules?.secrecy ?? null }];
    case "step.suspended":
    case "step.resumed":
      return ["suspension", { suspended: name === "step.suspended" }];
    case "results.embargoed":
      return ["embargo", { until: data.until }];
    case "role.granted":
      return ["roles", { roles: [...roles.add(data.granted)].sort(byCodePoint) }];
    case "role.revoked":
      return ["roles", { roles: [...roles].filter((role) => role !== data.revoked).sort(byCodePoint) }];
    case "step.stances_set":
    case "motive.defined":
    case "envelope.defined":
    case "charter.adopted": {
      const { step, ref, _sd, ...declared } = data;
      return [name === "step.stances_set" ? "stances" : name.split(".")[0], declared];
    }
    default:
      return ["dates", { ...now.dates, ...changedDates(name, event) }];
  }
}

function changedDates(name, { at, data }) {
  const { opens_at, closes_at, lottery } = data;
  if (name === "step.planned") return { opens_at: opens_at ?? null, closes_at: closes_at ?? null };
  return name === "step.rescheduled" ? setOnly({ opens_at, closes_at, lottery }) : { closes_at: at };
}

/** [old, new]: the members that are not the same before and after; old is null where there was nothing before. */
function difference(before, after) {
  const written = (value) => canonicalText(value ?? null);
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])];
  const changed = names.filter((name) => written(before?.[name]) !== written(after[name]));
  const members = (of) => Object.fromEntries(changed.map((name) => [name, of[name] ?? null]));
  return [before === null ? null : members(before), members(after)];
}

FOLDS.set("changes", ChangeRows);
TABLE_ROWS.set("changes", function* (replay) {
  for (const { seq, at, what, step, ref, phase, old, now, code, reason, role, via } of replay.folds.of("changes").lines) {
    const before = old === null ? null : canonicalText(old);
    yield [seq, at, what, step, ref, phase, before, canonicalText(now), code, replay.contents.worded(reason)[1], role, via];
  }
});
