// Whether the times of the entries can be (docs/formats/entry.md, Times), and whether the clock opened and closed steps when it had to.

const CLOCK_TOLERANCE = 60_000;

class Moments {
  constructor(findings) {
    this.findings = findings;
    this.latest = "";
    this.valid = "";
  }

  consider(event) {
    const { at } = event;
    const place = `entry ${event.seq}`;
    if (at !== this.valid) {
      if (Number.isNaN(timeOf(at))) {
        this.findings.fault("lawfulness", "time-invalid", place, "a time that exists", at);
        return;
      }
      this.valid = at;
    }
    if (event.role === "participant" || event.fact.by_the_hour) {
      if (!at.endsWith(":00:00.000Z")) this.findings.fault("lawfulness", "time-too-fine", place, "a time floored to the hour", at);
      if (at.slice(0, 13) < this.latest.slice(0, 13)) this.findings.fault("lawfulness", "time-backwards", place, `${this.latest.slice(0, 13)}h or later`, at);
    } else if (at < this.latest) {
      this.findings.fault("lawfulness", "time-backwards", place, `${this.latest} or later`, at);
    }
    if (at > this.latest) this.latest = at;
  }

  /** An opening or closing, about to be folded, is compared with the time announced for it. */
  considerClock(event, states) {
    const step = states.step(event.data.step);
    if (event.type === "step.opened/1" && event.role === "system") this.compare(event, "opening", step.opensAt, "late");
    if (event.type === "step.closed/1" && event.role === "system") {
      const outage = event.data.delayed_by;
      this.compare(event, "closing", step.closesAt, outage === undefined ? null : `late because of ${outage}`);
    }
    if (event.type === "step.closed_early/1") {
      const place = `entry ${event.seq}, step ${event.data.step}`;
      this.findings.notice("lawfulness", "closed-early", place, step.closesAt ?? "no announced time", `${event.at} (${event.data.code})`);
    }
  }

  /** At the end of the log no closing is overdue; of an opening it is told. */
  finish(states) {
    for (const ref of states.project.steps.keys()) {
      const step = states.step(ref);
      const due = step.status === "planned" ? step.opensAt : ["open", "suspended"].includes(step.status) ? step.closesAt : null;
      if (due === null || due >= this.latest || Number.isNaN(timeOf(due)) || timeOf(this.latest) - timeOf(due) <= CLOCK_TOLERANCE) continue;
      const tell = step.status === "planned" ? "notice" : "fault";
      this.findings[tell]("lawfulness", "clock-overdue", `step ${ref}`, `opened or closed at ${due}`, `the log goes on until ${this.latest}`);
    }
  }

  compare(event, what, announced, why) {
    if (announced === null || Number.isNaN(timeOf(announced)) || Math.abs(timeOf(event.at) - timeOf(announced)) <= CLOCK_TOLERANCE) return;
    const place = `entry ${event.seq}, ${what} of step ${event.data.step}`;
    if (why !== null && announced < event.at) this.findings.notice("lawfulness", "clock-delayed", place, announced, `${event.at}, ${why}`);
    else this.findings.fault("lawfulness", "clock-off", place, `within 60 s of ${announced}`, event.at);
  }
}
