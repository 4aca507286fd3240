// The table `moderation`: every decision ever made against a content or an author, with what came of it.

const NO_DECISION = {
  decision: "", trash: null, motive: null, rule_ref: null, code: null, reason: null, until: null, stances: null, because_of: null, notified: null,
  appeal: null, undone: null, seconds: null,
};

class ModerationRows {
  static types = new Set([
    "report.made", "case.opened", "content.hidden", "content.limited", "decision.notified", "appeal.lodged", "appeal.decided", "content.restored",
    "report.dismissed", "participant.suspended", "participant.readmitted",
  ]);

  constructor() {
    this.rows = new Map();
  }

  note(event, fields) {
    const [name] = event.type.split("/");
    const { data, at } = event;
    const suspends = name.startsWith("participant.");
    if (suspends && data.holder === undefined) return;
    const target = suspends ? `suspension/${data.holder}` : data.target;
    if (!this.rows.has(target)) this.rows.set(target, { seq: event.seq, opened: null, reports: new Map(), first_reported_at: null, decisions: [] });
    const row = this.rows.get(target);
    const reason = fields.reason ?? null;
    switch (name) {
      case "report.made":
        row.reports = new Map(row.reports).set(data.motive, (row.reports.get(data.motive) ?? 0) + 1);
        row.first_reported_at ??= at;
        break;
      case "case.opened":
        row.opened = { at, origin: data.origin };
        break;
      case "content.hidden":
      case "content.limited": {
        const { motive, rule_ref, until, stances } = data;
        const [decision, trash] = name === "content.limited" ? ["limited", data.trash] : ["hidden", null];
        this.decide(row, event, { decision, trash, motive, rule_ref: rule_ref ?? null, until: until ?? null, stances, reason });
        break;
      }
      case "report.dismissed":
        this.decide(row, event, { decision: "dismissed", code: data.code, reason });
        row.opened = null;
        break;
      case "participant.suspended":
        this.undo(row, event, { because: "replaced" });
        this.decide(row, event, { decision: "suspended", motive: data.motive, until: data.until ?? null, because_of: data.target ?? null, reason });
        break;
      case "content.restored":
        this.undo(row, event, { because: data.because, reason });
        row.opened = null;
        break;
      case "participant.readmitted":
        this.undo(row, event, { code: data.code, reason });
        break;
      default:
        this.answer(row, name, event, fields);
    }
  }

  decide(row, event, said) {
    const { opened, reports, first_reported_at } = row;
    row.decisions.push({ ...NO_DECISION, ...stampOf(event), opened, reports, first_reported_at, ...said });
  }

  /** The decision that stands is undone. */
  undo(row, event, said) {
    for (const decision of row.decisions) {
      if (decision.undone !== null || decision.decision === "dismissed" || endedByItself(decision, event.at)) continue;
      Object.assign(decision, { undone: { ...stampOf(event), ...said }, seconds: secondsBetween(decision.at, event.at) });
    }
  }

  /** The notification of the last decision against the content, the appeal against it, or what came of that. */
  answer(row, name, event, fields) {
    const { data, at } = event;
    const decision = row.decisions.findLast((one) => one.decision !== "dismissed");
    if (decision === undefined) return;
    if (name === "decision.notified") decision.notified ??= { at };
    else if (name === "appeal.lodged") decision.appeal ??= { at, details: fields.details ?? null, decided: null };
    else if (decision.appeal !== null) {
      decision.appeal.decided = { ...stampOf(event), outcome: data.outcome, code: data.code, reason: fields.reason ?? null };
    }
  }
}

/** When, in which role, and by whom: a person, else the client that posted it. */
function stampOf({ seq, at, role, via, by, actor }) {
  return { seq, at, role, via, acting: by || actor || `client:${via}` };
}

/** Suspensions end by their time; content stays withheld until it is restored. */
function endedByItself({ decision, until }, at) {
  return decision === "suspended" && until !== null && until <= at;
}

/** Kind and author of the contents, by stream, as they were submitted. */
class ModeratedContents {
  static types = new Set(["contribution.submitted", "argument.submitted"]);

  constructor() {
    this.known = new Map();
  }

  note({ stream, actor, data }) {
    const kind = stream.startsWith("argument/") ? "argument" : data.kind;
    this.known.set(`${stream.split("/")[0]}/${data.ref}`, { kind, author: actor ?? null });
  }
}

function moderationCells(target, decision, replay) {
  const now = replay.folds.last;
  const words = (texts) => replay.contents.worded(texts ?? null)[1];
  const [family, name] = [kindOf(target), target.slice(target.indexOf("/") + 1)];
  const blank = family === "suspension" ? { kind: "participant", author: name } : { kind: family === "argument" ? family : null, author: null };
  const content = (family === "suspension" ? undefined : replay.folds.of("moderated").known.get(target)) ?? blank;
  const { opened, reports, notified, appeal, undone, until } = decision;
  const dismissed = decision.decision === "dismissed";
  const decided = appeal?.decided;
  const ended = undone?.at ?? (endedByItself(decision, now) ? until : null);
  const stood = undone === null ? secondsBetween(decision.at, ended ?? now) : decision.seconds;
  return [
    target, decision.seq, decision.at, content.kind, content.author, decision.decision, decision.trash, decision.motive, decision.rule_ref, decision.code,
    words(decision.reason), decision.role, decision.via, decision.acting, opened?.origin, opened?.at,
    [...reports.values()].reduce((sum, count) => sum + count, 0), spaced(byKey(reports).map(([motive, count]) => `${motive}=${count}`)),
    decision.first_reported_at, until, decision.stances, decision.because_of, notified?.at, appeal?.at, words(appeal?.details),
    decided?.at, decided?.outcome, decided?.code, words(decided?.reason), decided?.role, decided?.acting,
    undone?.seq, undone?.at, undone?.because || undone?.code, words(undone?.reason), undone?.role, undone?.acting,
    dismissed ? "dismissed" : ended === null ? "standing" : "ended", ended, ended === null && until !== null && until <= now, dismissed ? null : stood,
  ];
}

FOLDS.set("moderation", ModerationRows);
FOLDS.set("moderated", ModeratedContents);
TABLE_ROWS.set("moderation", function* (replay) {
  for (const [target, { decisions }] of byKey(replay.folds.of("moderation").rows)) {
    for (const decision of decisions) yield moderationCells(target, decision, replay);
  }
});
