// polis/<step>/: the stances of a step in the files of Polis' open data.

const POLIS_VOTES = { agree: "1", pass: "0", disagree: "-1" };
const DAY_NAMES = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What is told of the project in words, and which clustering of each step was completed last. */
class PolisFacts {
  static types = new Set(["project.opened", "project.described", "clusters.sealed"]);

  constructor() {
    this.description = null;
    this.sealed = new Map();
  }

  note({ type, data }) {
    if (type.startsWith("clusters.")) this.sealed.set(data.step, { key: `${data.step}/${data.ref}`, groups: data.groups });
    else this.description = type.startsWith("project.opened/") ? null : data.description;
  }
}

FOLDS.set("polis", PolisFacts);

/** One step: its comments and its voters by number. */
class Conversation {
  constructor(replay, step) {
    Object.assign(this, { replay, step });
    const kinds = kindsOnScale(replay, step, "agree_pass_disagree");
    const rows = replay.folds.of("contributions").sorted().filter((row) => row.step === step && kinds.has(row.kind));
    const numbers = commentNumbers(rows);
    /** Target → { number, row }, by reference. */
    this.comments = new Map(rows.map((row, place) => [`contribution/${row.ref}`, { number: numbers[place], row }]));
    this.stances = stancesOf(replay, step).filter(({ target, value }) => this.comments.has(target) && Object.hasOwn(POLIS_VOTES, value ?? ""));
    this.voters = new Map([...new Set(this.stances.map(({ actor }) => actor))].sort(byCodePoint).map((actor, number) => [actor, number]));
    this.clustering = replay.folds.of("polis").sealed.get(step) ?? null;
  }

  get writers() {
    return [...new Set([...this.comments.values()].map(({ row }) => row.author))].filter((author) => author !== null).sort(byCodePoint);
  }

  *commentsRows() {
    yield ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"];
    const authors = new Map([...this.writers, null].map((author, place) => [author, this.voters.size + place]));
    const tallies = this.replay.folds.of("tallies").rows;
    for (const [target, { number, row }] of this.comments) {
      const casts = tallies.get(target)?.casts;
      const words = [row.title, row.body].map((texts) => wordsOf(this.replay, texts)).filter((text) => text !== "");
      yield [
        ...polisTimes(row.claimed_at || row.submitted_at), number, authors.get(row.author), casts?.get("agree") ?? 0, casts?.get("disagree") ?? 0,
        row.moderation !== null ? "-1" : row.moderated ? "1" : "0", guardedText(words.join("\n")),
      ];
    }
  }

  *votesRows() {
    yield ["timestamp", "datetime", "comment-id", "voter-id", "vote"];
    for (const { target, actor, value, claimed, hour } of this.stances) {
      yield [...polisTimes(claimed || hour), this.comments.get(target).number, this.voters.get(actor), POLIS_VOTES[value]];
    }
  }

  *participantsRows() {
    const comments = [...this.comments].map(([target, { number }]) => [number, target]);
    comments.sort((one, other) => one[0] - other[0] || byCodePoint(one[1], other[1]));
    yield ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", ...comments.map(([number]) => number)];
    const places = new Map(comments.map(([, target], place) => [target, place]));
    const groups = this.clustering === null ? new Map() : this.replay.folds.of("clusters").rows.get(this.clustering.key).groupOf;
    const said = new Map([...this.voters.keys()].map((actor) => [actor, []]));
    for (const stance of this.stances) said.get(stance.actor).push(stance);
    for (const [actor, number] of this.voters) {
      const [cells, stances] = [new Array(comments.length).fill(""), said.get(actor)];
      for (const { target, value } of stances) cells[places.get(target)] = POLIS_VOTES[value];
      const count = (value) => stances.filter((stance) => stance.value === value).length;
      yield [number, groups.get(actor) ?? "", "", stances.length, count("agree"), count("disagree"), ...cells];
    }
  }

  *summaryRows() {
    const { replay, voters, clustering } = this;
    yield ["topic", guardedText(wordsOf(replay, replay.rows.of(this.step).title))];
    yield ["url", replay.entries.checkpoint.origin];
    yield ["views", ""];
    yield ["voters", voters.size];
    yield ["voters-in-conv", voters.size];
    yield ["commenters", this.writers.length];
    yield ["comments", this.comments.size];
    yield ["groups", clustering === null ? "" : clustering.groups || ""];
    yield ["conversation-description", guardedText(wordsOf(replay, replay.folds.of("polis").description))];
  }
}

/** Numbers are those that the contributions go by, or count them in the order of the log. */
function commentNumbers(rows) {
  const shown = rows.map(({ external_ref: external, ref }) => external || ref);
  if (new Set(shown).size === shown.length && shown.every((name) => /^(0|[1-9][0-9]{0,8})$/.test(name))) return shown.map(Number);
  const inOrder = [...rows].sort((one, other) => one.submitted_seq - other.submitted_seq);
  const places = new Map(inOrder.map(({ ref }, place) => [ref, place]));
  return rows.map(({ ref }) => places.get(ref));
}

/** The hour in milliseconds after 1970, and in words; both empty where it is none. */
function polisTimes(at) {
  const time = hourTime(at);
  if (time === null) return ["", ""];
  const day = new Date(time);
  return [time, `${DAY_NAMES[day.getUTCDay()]} ${MONTH_NAMES[day.getUTCMonth()]} ${at.slice(8, 10)} ${at.slice(11, 13)}:00:00 UTC ${at.slice(0, 4)}`];
}

SHAPES.set("polis", (replay, name, step) => {
  replay.conversations ??= new Map();
  if (!replay.conversations.has(step)) replay.conversations.set(step, new Conversation(replay, step));
  const conversation = replay.conversations.get(step);
  switch (name.split("/")[2]) {
    case "comments.csv":
      return delimitedLines(conversation.commentsRows());
    case "participants-votes.csv":
      return delimitedLines(conversation.participantsRows());
    case "summary.csv":
      return delimitedLines(conversation.summaryRows());
    case "votes.csv":
      return delimitedLines(conversation.votesRows());
    default:
      return null;
  }
});
