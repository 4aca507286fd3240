// Every event of a log admitted again at its place. One that could not be admitted leaves no trace, and later ones of its stream are not
// judged, because each would be wrong for the same reason.

const BY_THE_CLOCK = new Set(["step.opened/1", "step.closed/1", "step.closed_early/1"]);

class Admission {
  constructor(findings) {
    this.findings = findings;
    this.states = new States();
    this.moments = new Moments(findings);
    this.notJudged = 0;
    this.resting = 0;
    this.lost = new Set();
    /** Streams of which a redacted entry said something that others rest on. */
    this.redacted = new Set();
  }

  /** True when the event was folded. */
  consider(event) {
    this.moments.consider(event);
    if (this.lost.size && this.lost.has(event.stream)) {
      this.notJudged += 1;
      return false;
    }
    try {
      this.admit(event);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.lost.add(event.stream);
      const place = `entry ${event.seq}, stream ${event.stream}`;
      this.findings.fault("lawfulness", error.code, place, `an event that is lawful here: ${event.type}`, error.message);
      return false;
    }
    if (BY_THE_CLOCK.has(event.type)) this.moments.considerClock(event, this.states);
    evolveEvent(event, this.states);
    return true;
  }

  admit(event) {
    if (!this.redacted.size) {
      admitEvent(event, this.states);
      return;
    }
    this.states.read = new Set([event.stream]);
    let refusal = null;
    try {
      admitEvent(event, this.states);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusal = error;
    }
    const rests = [...this.states.read].some((stream) => this.redacted.has(stream));
    this.states.read = null;
    if (!rests && refusal !== null) throw refusal;
    if (!rests) return;
    const { version } = this.states.of(event.stream);
    if (event.version !== version + 1) refuse("version-differs", `version ${event.version} of ${event.stream} follows on ${version}`);
    this.resting += 1;
    this.notJudged += 1;
  }

  /** The next entry is redacted: only that it is the next of its stream is judged. */
  passOver({ seq, stream, type, version }) {
    if (this.lost.has(stream)) {
      this.notJudged += 1;
      return;
    }
    const expected = this.states.of(stream).version + 1;
    if (version !== expected) {
      this.lost.add(stream);
      this.findings.fault("lawfulness", "version-differs", `entry ${seq}, stream ${stream}`, `version ${expected}`, `version ${version}`);
      return;
    }
    this.states.writable(stream).version = version;
    const fact = FACTS.events[type];
    if (LAWS.get(fact === undefined ? type : fact.present)?.evolve !== NOTHING_FOLLOWS) this.redacted.add(stream);
  }

  finish() {
    this.moments.finish(this.states);
    const lost = this.notJudged - this.resting;
    if (lost) this.findings.leftOut("lawfulness", "stream-lost", `${lost} events`, "an earlier event of the same stream could not be admitted");
    if (this.resting) {
      const why = "an entry of a stream that their admission looks at is redacted";
      this.findings.leftOut("lawfulness", "stream-redacted", `${this.resting} events`, why);
    }
  }
}
