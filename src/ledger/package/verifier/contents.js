// What is told of contributions: their titles as they may be shown now, what people call them, and when they were taken back.

class Contents {
  constructor() {
    this.titles = new Map();
    this.withdrawals = new Map();
    this.externalRefs = new Map();
  }

  note(event, fields) {
    const { data } = event;
    switch (event.fact.present) {
      case "contribution.submitted/2":
        this.titles.set(data.ref, fields.title ?? null);
        this.externalRefs.set(data.ref, data.external_ref ?? null);
        break;
      case "contribution.revised/1":
        // The texts of a revision replace those before it as a whole; of what was never submitted, or redacted, nothing is told.
        if (this.titles.has(data.ref)) this.titles.set(data.ref, fields.title ?? null);
        break;
      case "contribution.withdrawn/1":
        if (this.titles.has(data.ref)) this.withdrawals.set(data.ref, { seq: event.seq, code: data.code });
        break;
      default:
    }
  }
}
