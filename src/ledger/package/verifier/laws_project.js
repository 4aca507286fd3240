// The project as a whole: who holds which role, and which names are defined.

function checkPlaces(project, district, category) {
  if ((district ?? null) !== null && !project.districts.has(district)) refuse("district-unknown", district);
  if ((category ?? null) !== null && !project.categories.has(category)) refuse("category-unknown", category);
}

function checkMotive(project, motive) {
  if (!project.motives.has(motive)) refuse("motive-unknown", motive);
}

law(
  "project.opened/1",
  (event, data, state) => {
    if (state.version || event.seq) refuse("project-already-open");
    need(data, event.type, "scope_keys");
  },
  (event, data, state) => {
    state.clients.add(`organizer ${event.via}`);
    state.keysDestroyedAt = data.keys_destroyed_at;
  },
);
law(
  "project.continued/1",
  (event, data, state) => {
    if (state.continues !== null) refuse("already-continued", state.continues);
    if (state.steps.size) refuse("continued-too-late");
    let last;
    try {
      last = parseCheckpoint(data.checkpoint);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      refuse("checkpoint-unfit", error.message);
    }
    if (last.extensions.length || last.origin !== data.origin || data.origin === event.log) refuse("checkpoint-unfit", data.origin);
  },
  (event, data, state) => {
    state.continues = data.origin;
  },
);
for (const type of ["project.described/1", "pledge.made/1", "charter.adopted/1", "evaluation.published/1", "guarantor.stated/1"]) law(type, () => undefined);
law(
  "role.granted/1",
  (event, data, state) => {
    const [held, key] = holdingOf(data, data.granted, state);
    if (data.granted === "participant" || data.granted === "system" || data.client === LEDGER_CLIENT) refuse("role-not-grantable", data.granted);
    if (held.has(key)) refuse("role-already-granted", key);
  },
  (event, data, state) => {
    const [held, key] = holdingOf(data, data.granted, state);
    held.add(key);
  },
);
law(
  "role.revoked/1",
  (event, data, state) => {
    const [held, key] = holdingOf(data, data.revoked, state);
    if (!held.has(key)) refuse("role-not-granted", key);
    const organizers = [...state.clients, ...state.people].filter((holding) => holding.startsWith("organizer "));
    if (data.revoked === "organizer" && organizers.length === 1) refuse("last-organizer", key);
  },
  (event, data, state) => {
    const [held, key] = holdingOf(data, data.revoked, state);
    held.delete(key);
  },
);

/** A name that can be defined once. */
function definition(type, names, what, further = () => undefined) {
  law(
    type,
    (event, data, state) => {
      if (state[names].has(data.ref)) refuse("ref-taken", `${what} ${data.ref}`);
      further(data, state);
    },
    (event, data, state) => {
      state[names].add(data.ref);
    },
  );
}

definition("district.defined/1", "districts", "district");
definition("category.defined/1", "categories", "category");
definition("envelope.defined/1", "envelopes", "envelope", (data, state) => checkPlaces(state, data.district, data.category));
definition("motive.defined/1", "motives", "motive");
definition("meeting.held/1", "meetings", "meeting");
law(
  "project.archived/1",
  (event, data, state) => {
    const unfinished = [...state.steps].filter(([, over]) => !over).map(([ref]) => ref);
    if (unfinished.length) refuse("steps-not-closed", unfinished.join(", "));
  },
  (event, data, state) => {
    state.archived = true;
  },
);
