// Events as the bytes of an entry say them, judged by the facts that the ledger's own classes state.

class EventTypes {
  constructor(facts) {
    this.facts = facts;
    this.types = new Map();
    for (const [type, fact] of Object.entries(facts.events)) {
      const committed = isBallotChoices(type) ? { entries: "sealed" } : fact.committed;
      this.types.set(type, { ...fact, type, committed, names: Object.keys(committed), read: compileSchema(fact.data, facts.models) });
    }
    const models = { ...facts.models, EventData: {} };
    this.envelope = compileSchema(facts.envelope, models);
  }

  /** The event of a parsed entry; raises SchemaFault. Its fact stands at `fact`, its data as a ledger writes them. */
  read(value) {
    if (!isObject(value)) faultAt("$", "not an object");
    const fact = this.types.get(value.type);
    if (fact === undefined) faultAt("$.type", `no event type is ${shortened(value.type)}`);
    const event = this.envelope(value, "$");
    event.data = fact.read(event.data, "$.data");
    Object.defineProperty(event, "fact", { value: fact, enumerable: false });
    return event;
  }
}

function isBallotChoices(type) {
  return type === "ballot.cast/1" || type === "ballot.replaced/1";
}

/** The name of the one stream that an event of this type with these data belongs to. */
function streamOf(event) {
  const { data, actor, fact } = event;
  const [family] = fact.type.split(".");
  switch (fact.type) {
    case "paper.closed/1":
    case "results.embargoed/1":
    case "roll.sealed/1":
    case "ballots.disclosed/1":
      return `step/${data.step}`;
    case "content.erased/1":
      return "privacy";
    case "report.made/1":
      return `report/${data.target}/${actor ?? "None"}`;
    case "participant.described/1":
      return `participant/${data.step}/${actor ?? "None"}`;
    case "participant.suspended/1":
    case "participant.readmitted/1":
      return `suspension/${data.holder ?? "None"}`;
    default:
  }
  switch (family) {
    case "ballot":
      return `ballot/${data.step}/${actor ?? "None"}`;
    case "stance":
      return `stance/${data.target}/${actor ?? "None"}`;
    case "step":
      return `step/${data.step}`;
    case "contribution":
    case "argument":
      return `${family}/${data.ref}`;
    case "clusters":
      return `clustering/${data.step}/${data.ref}`;
    case "text":
    case "section":
      return `text/${data.ref}`;
    case "proposal":
    case "candidates":
      return `selection/${data.step}`;
    case "roll":
    case "attendance":
      return `roll/${data.step}`;
    case "result":
    case "outcome":
      return `result/${data.step}`;
    case "import":
    case "aggregate":
      return `import/${data.ref}`;
    case "case":
    case "content":
    case "decision":
    case "appeal":
    case "report":
      return `case/${data.target}`;
    case "erasure":
    case "scope_key":
    case "legal_hold":
    case "entry":
      return "privacy";
    case "lottery":
      return `result/${data.step}`;
    default:
      return "project";
  }
}
