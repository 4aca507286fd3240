// What an audit finds: values and not exceptions, because an auditor wants all of them (docs/formats/report.md).

const STAGES = ["reading", "integrity", "lawfulness", "results", "older"];
const MOST_OF_ONE_KIND = 20;
const LONGEST_QUOTE = 200;

class Findings {
  constructor() {
    this.listed = [];
    this.notChecked = [];
    this.counts = new Map();
    this.faults = Object.fromEntries(STAGES.map((stage) => [stage, 0]));
    this.lookedAt = new Set();
  }

  fault(stage, check, place, expected, found) {
    this.faults[stage] += 1;
    this.keep({ stage, check, place: String(place), expected: shortened(expected), found: shortened(found), severity: "fault" });
  }

  notice(stage, check, place, expected, found) {
    this.keep({ stage, check, place: String(place), expected: shortened(expected), found: shortened(found), severity: "notice" });
  }

  /** Something was not looked at; `code` is stable. */
  leftOut(stage, code, what, why) {
    this.notChecked.push({ stage, code, what: printable(what), why: shortened(why) });
  }

  keep(finding) {
    const kind = `${finding.stage} ${finding.check}`;
    const count = (this.counts.get(kind) || 0) + 1;
    this.counts.set(kind, count);
    if (count <= MOST_OF_ONE_KIND) this.listed.push(finding);
  }

  unlisted() {
    const more = {};
    for (const [kind, count] of this.counts) if (count > MOST_OF_ONE_KIND) more[kind.split(" ")[1]] = count - MOST_OF_ONE_KIND;
    return more;
  }

  stages() {
    const status = {};
    for (const stage of STAGES) status[stage] = this.faults[stage] ? "failed" : this.lookedAt.has(stage) ? "passed" : "not_checked";
    return status;
  }
}

function printable(value) {
  return String(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

/** The text as it can be shown anywhere: printable, and not endless. */
function shortened(value) {
  const shown = Array.from(printable(String(value).slice(0, 2 * LONGEST_QUOTE + 2)));
  return shown.length <= LONGEST_QUOTE ? shown.join("") : `${shown.slice(0, LONGEST_QUOTE).join("")}…`;
}
