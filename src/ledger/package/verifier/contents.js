// What is told of contributions: their titles as they may be shown now, what people call them, and when they were taken back.

class Contents {
  constructor() {
    this.titles = new Map();
    this.withdrawals = new Map();
    this.externalRefs = new Map();
    this.locations = new Map();
    this.districts = new Map();
    this.categories = new Map();
    this.project = { title: null, owner: null };
    this.languages = [];
  }

  note(event, fields) {
    const { data } = event;
    switch (event.fact.present) {
      case "contribution.submitted/2":
        this.titles.set(data.ref, fields.title ?? null);
        this.locations.set(data.ref, fields.location ?? null);
        this.externalRefs.set(data.ref, data.external_ref ?? null);
        break;
      case "contribution.revised/1":
        // The texts of a revision replace those before it as a whole; of what was never submitted, or redacted, nothing is told.
        if (!this.titles.has(data.ref)) break;
        this.titles.set(data.ref, fields.title ?? null);
        this.locations.set(data.ref, fields.location ?? null);
        break;
      case "contribution.withdrawn/1":
        if (this.titles.has(data.ref)) this.withdrawals.set(data.ref, { seq: event.seq, code: data.code });
        break;
      case "project.opened/1":
        this.project = { title: data.title, owner: data.owner };
        this.languages = data.languages;
        break;
      case "project.described/1":
        if (data.title !== undefined) this.project.title = data.title;
        break;
      case "district.defined/1":
        this.districts.set(data.ref, data.name);
        break;
      case "category.defined/1":
        this.categories.set(data.ref, data.name);
        break;
      default:
    }
  }

  /** [language, text] of a text in several languages: in the project's first that it has, else in its first by tag; nulls where there is none. */
  worded(texts) {
    if (!isObject(texts) || !Object.keys(texts).length) return [null, null];
    const language = this.languages.find((tag) => Object.hasOwn(texts, tag)) ?? Object.keys(texts).sort(byCodePoint)[0];
    return [language, texts[language]];
  }
}
