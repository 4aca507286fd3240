// What may happen. Each event type has one law: when an event is admitted after those before it, and what it changes. They are the laws of the
// ledger itself (ledger.aggregates), asked again about every entry; a refusal has the ledger's own code (docs/problems).

class Refused extends Error {
  constructor(code, why) {
    super(why);
    this.code = code;
  }
}

const LEDGER_CLIENT = "ledger";
const PRIVACY_STREAM = "privacy";
const LAWS = new Map();

function refuse(code, why = code) {
  throw new Refused(code, why);
}

const NOTHING_FOLLOWS = () => undefined;

/** The SHA-256, in base64url, of the canonical JSON of a value. */
function digestOf(value) {
  return base64url(sha256(utf8(canonicalText(value))));
}

/** `admit` raises Refused and changes nothing; `evolve` changes and asks nothing. Both get (event, data, state of its stream, states). */
function law(types, admit, evolve = NOTHING_FOLLOWS) {
  for (const type of [types].flat()) LAWS.set(type, { admit, evolve });
}

function need(data, type, name) {
  if (data[name] === undefined) refuse("field-missing", `${name} of ${type} is missing`);
}

/** A field that the ledger filled in says what it has to say; absent and null are one. */
function same(name, expected, found) {
  if ((expected ?? null) !== (found ?? null)) refuse("field-differs", `${name} is ${found ?? "absent"}, and has to be ${expected ?? "absent"}`);
}

function admitEvent(event, states) {
  const stream = streamOf(event);
  if (stream !== event.stream) refuse("stream-differs", `its stream is ${stream}`);
  const { project } = states;
  if (!project.version) {
    if (event.fact.type !== "project.opened/1") refuse("project-not-open");
  } else if (project.archived && stream !== PRIVACY_STREAM) {
    refuse("project-archived");
  }
  if (project.destroyed.size) checkScopes(event, project.destroyed);
  checkPermission(event, project);
  const state = states.of(stream);
  const found = LAWS.get(event.fact.present);
  if (found === undefined) throw new Error(`no law about ${event.fact.present}`);
  found.admit(event, event.data, state, states);
  if (event.version !== state.version + 1) refuse("version-differs", `version ${event.version} of ${stream} follows on ${state.version}`);
}

function evolveEvent(event, states) {
  const state = states.writable(event.stream);
  LAWS.get(event.fact.present).evolve(event, event.data, state, states);
  state.version = event.version;
}

/** Nobody is named any more in a scope whose key is destroyed. */
function checkScopes(event, destroyed) {
  const { fact, data } = event;
  const scope = fact.scope === "step" ? `step/${data.step}` : fact.scope || "author";
  const named = event.actor !== undefined || fact.pseudonymised.some((name) => data[name] !== undefined);
  if (named && destroyed.has(scope)) refuse("scope-destroyed", scope);
  if (event.by !== undefined && destroyed.has("author")) refuse("scope-destroyed", "author");
}

function checkPermission(event, project) {
  const { role, via } = event;
  if (!project.version) {
    if (role !== "organizer" || via === LEDGER_CLIENT) refuse("not-permitted", role);
    return;
  }
  if (!event.fact.permitted.includes(role)) refuse("not-permitted", `${event.type} as ${role}`);
  if (role === "participant") {
    if (event.by !== undefined && event.mandate_ref === undefined) refuse("mandate-missing");
    if (via === LEDGER_CLIENT) refuse("role-not-held", `${role}, ${via}`);
  } else if ((role === "system") !== (via === LEDGER_CLIENT) || (role !== "system" && !holds(project, role, via, event.by ?? event.actor))) {
    refuse("role-not-held", `${role}, ${via}`);
  }
}

function holds(project, role, client, person) {
  return project.clients.has(`${role} ${client}`) || (person !== undefined && project.people.has(`${role} ${person}`));
}

/** The role and who holds it, as they are kept: which set, and the key in it. */
function holdingOf(data, role, state) {
  const [client, holder] = [data.client, data.holder];
  if ((client === undefined) === (holder === undefined)) refuse("holder-unclear");
  return client === undefined ? [state.people, `${role} ${holder}`] : [state.clients, `${role} ${client}`];
}
