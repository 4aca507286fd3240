// cap-collectif/<step>.csv: a consultation in the columns of Cap Collectif's full export, one row per act.

const CAP_SIDES = { for: "Pour", against: "Contre" };
const CAP_VALUES = { agree: "opinion.show.vote.ok", mixed: "opinion.show.vote.mitige", disagree: "opinion.show.vote.nok" };
const CAP_TYPE = "export_contribution_type_";

/** One step: what is counted and what belongs together. */
class Debate {
  constructor(replay, step) {
    Object.assign(this, { replay, step });
    const kinds = kindsOnScale(replay, step, "agree_mixed_disagree");
    this.rows = replay.folds.of("contributions").sorted().filter((row) => row.step === step);
    const voted = this.rows.filter(({ kind }) => kinds.has(kind));
    const opinions = new Set(voted.filter(({ kind, target }) => kind !== "amendment" || target === null).map(({ ref }) => ref));
    const isVersion = ({ kind, target }) => kind === "amendment" && opinions.has(target);
    /** Reference → the opinion that it is a version of, null of opinions, for all that is voted on. */
    this.contents = new Map(voted.map((row) => [row.ref, isVersion(row) ? row.target : null]));
    this.arguments = replay.folds.of("arguments").sorted().filter((row) => row.step === step && this.contents.has(row.contribution));
    this.argued = new Set(this.arguments.map(({ ref }) => ref));
    const isSource = ({ ref, kind, target }) => kind === "source" && !this.contents.has(ref) && this.contents.has(target);
    this.sources = this.rows.filter(isSource);
    this.sourced = new Set(this.sources.map(({ ref }) => ref));
  }

  *lines() {
    yield FACTS.cap_collectif.header;
    for (const part of [this.opinionRows(), this.argumentRows(), this.sourceRows(), this.reportRows(), this.voteRows()]) {
      for (const cells of part) yield FACTS.cap_collectif.names.map((name) => cells[name] ?? "");
    }
  }

  /** Value → people whose stance on the target it is now, on whichever version of its text. */
  tally(target) {
    const row = this.replay.folds.of("tallies").rows.get(target);
    const found = new Map();
    if (row === undefined || row.step !== this.step) return found;
    for (const values of row.stances.values()) for (const [value, count] of values) found.set(value, (found.get(value) ?? 0) + count);
    return found;
  }

  counts(ref, prefix) {
    const tally = this.tally(`contribution/${ref}`);
    const sides = { ok: "agree", mitige: "mixed", nok: "disagree" };
    const told = Object.entries(sides).map(([side, value]) => [`${prefix}votes_count_${side}`, tally.get(value) ?? 0]);
    return { [`${prefix}votes_count`]: sumOf(tally), ...Object.fromEntries(told) };
  }

  *opinionRows() {
    const versions = new Map();
    const argued = numberOfEach(this.arguments.map(({ contribution, side }) => `${contribution} ${side}`));
    const sources = numberOfEach(this.sources.map(({ target }) => target));
    for (const row of this.rows) {
      const about = this.contents.get(row.ref);
      if (about !== undefined && about !== null) listed(versions, about).push(row);
    }
    for (const row of this.rows) {
      if (this.contents.get(row.ref) !== null) continue;
      const below = versions.get(row.ref) ?? [];
      const [pro, contra] = ["for", "against"].map((side) => argued.get(`${row.ref} ${side}`) ?? 0);
      yield {
        ...this.opinion(row), ...this.counts(row.ref, ""), arguments_count: pro + contra, arguments_count_for: pro, arguments_count_against: contra,
        sources_count: sources.get(row.ref) ?? 0, versions_count: below.length,
      };
      for (const version of below) yield this.version(version);
    }
  }

  /** The title of a text, or of a section of it; a content that is about none asks for that of the text None, as it always did. */
  titleOf(text, section) {
    const { texts, sections } = this.replay.folds.of("texts");
    const row = section === undefined ? texts.get(text ?? "None") : sections.get(`${text ?? "None"}/${section ?? "None"}`);
    return wordsOf(this.replay, row?.title);
  }

  opinion(row) {
    const consultation = this.titleOf(row.text) || wordsOf(this.replay, this.replay.rows.of(this.step).title);
    return {
      type: `${CAP_TYPE}opinion`, id: row.ref, author_id: row.author, author_type_name: row.collective, consultation_title: guardedText(consultation),
      section_title: guardedText(this.titleOf(row.text, row.section)), title: this.filled(row, "title"),
      body_text: guardedText(wordsOf(this.replay, row.body)), created_at: createdAt(row), published: "Oui", ...this.trash(row, `contribution/${row.ref}`, ""),
    };
  }

  version(row) {
    return {
      type: `${CAP_TYPE}opinion_version`, versions_id: row.ref, versions_author_id: row.author, versions_title: this.filled(row, "title"),
      versions_body_text: guardedText(wordsOf(this.replay, row.body)), versions_created_at: createdAt(row), ...this.counts(row.ref, "versions_"),
    };
  }

  *argumentRows() {
    for (const row of this.arguments) {
      yield {
        type: `${CAP_TYPE}argument`, ...this.about("arguments_", row.contribution), arguments_id: this.argumentId(row.ref),
        arguments_type: CAP_SIDES[row.side], arguments_votes_count: sumOf(this.tally(`argument/${row.ref}`)),
        ...this.written(row, `argument/${row.ref}`, "arguments_"),
      };
    }
  }

  *sourceRows() {
    for (const row of this.sources) {
      yield {
        type: `${CAP_TYPE}opinion_source`, ...this.about("sources_", row.target), sources_id: row.ref,
        sources_votes_count: sumOf(this.tally(`contribution/${row.ref}`)), ...this.written(row, `contribution/${row.ref}`, "sources_"),
      };
    }
  }

  written(row, target, prefix) {
    return {
      [`${prefix}author_id`]: row.author, [`${prefix}body`]: this.filled(row, "body"), [`${prefix}created_at`]: createdAt(row),
      [`${prefix}published`]: "Oui", ...this.trash(row, target, prefix),
    };
  }

  /** A row for each report; who made it, when, and in which words is not told. */
  *reportRows() {
    for (const [target, { seq, reports }] of byKey(this.replay.folds.of("moderation").rows)) {
      const [family, ref] = [kindOf(target), target.slice(target.indexOf("/") + 1)];
      const known = family === "argument" ? this.argued.has(ref) : this.contents.has(ref) || this.sourced.has(ref);
      if (!known || family === "suspension") continue;
      let about = { reportings_related_id: this.argumentId(ref), reportings_related_kind: family };
      if (family === "contribution") about = this.about("reportings_", ref);
      for (const [motive, count] of byKey(reports)) {
        for (let number = 1; number <= count; number += 1) {
          yield { type: `${CAP_TYPE}reporting`, ...about, reportings_id: `${seq}-${motive}-${number}`, reportings_type: motive };
        }
      }
    }
  }

  *voteRows() {
    for (const { target, actor, seq, value, claimed, hour } of stancesOf(this.replay, this.step)) {
      const ref = target.slice(target.indexOf("/") + 1);
      if (kindOf(target) !== "contribution" || !this.contents.has(ref) || !Object.hasOwn(CAP_VALUES, value ?? "")) continue;
      const type = this.contents.get(ref) === null ? "opinion_vote" : "opinion_version_vote";
      yield {
        type: CAP_TYPE + type, votes_id: seq, votes_related_id: ref, votes_author_id: actor, votes_value: CAP_VALUES[value],
        votes_created_at: wallClock(claimed || hour),
      };
    }
  }

  about(prefix, ref) {
    const kind = this.sourced.has(ref) ? "source" : this.contents.get(ref) === null ? "opinion" : "version";
    return { [`${prefix}related_id`]: ref, [`${prefix}related_kind`]: kind };
  }

  /** Its reference; its target where a contribution has the same reference, since the columns do not tell them apart. */
  argumentId(ref) {
    return this.contents.has(ref) || this.sourced.has(ref) ? `argument/${ref}` : ref;
  }

  /** The text of a cell that such a row always fills; where there is none to be shown, why, in brackets. */
  filled(row, name) {
    const text = wordsOf(this.replay, row[name]);
    if (text) return guardedText(text);
    if (row.moderation !== null && row.moderation.trash !== "visible") return `[hidden: ${row.moderation.motive}]`;
    return row.erased.size ? "[erased]" : row.ref;
  }

  trash(row, target, prefix) {
    if (row.moderation === null) return { [`${prefix}trashed`]: "Non" };
    const { since, reason } = this.replay.folds.of("decisions").of.get(target);
    const why = [row.moderation.motive, wordsOf(this.replay, reason)].filter((text) => text !== "").join(": ");
    return {
      [`${prefix}trashed`]: "Oui", [`${prefix}trashed_status`]: row.moderation.trash || "invisible", [`${prefix}trashed_at`]: wallClock(since),
      [`${prefix}trashed_reason`]: guardedText(why),
    };
  }
}

/** How often each of these is among them. */
function numberOfEach(all) {
  const found = new Map();
  for (const one of all) found.set(one, (found.get(one) ?? 0) + 1);
  return found;
}

function createdAt({ claimed_at: claimed, submitted_at: submitted }) {
  return wallClock(claimed || submitted);
}

SHAPES.set("cap-collectif", (replay, name, step) => delimitedLines(new Debate(replay, step).lines()));
