// What is told of contributions: their titles as they may be shown now, and when they were taken back.

class Contents {
  constructor() {
    this.titles = new Map();
    this.withdrawals = new Map();
  }

  note(event, fields) {
    const { data } = event;
    switch (event.fact.present) {
      case "contribution.submitted/2":
      case "contribution.revised/1":
        // The texts of a revision replace those before it as a whole.
        this.titles.set(data.ref, fields.title ?? null);
        break;
      case "contribution.withdrawn/1":
        this.withdrawals.set(data.ref, { seq: event.seq, code: data.code });
        break;
      default:
    }
  }
}
