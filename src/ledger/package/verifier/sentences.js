// What an event of the timeline says, in one English and one French sentence. Most are patterns, which the facts tell; these are the others.
// Each is made of the clear fields of the event.

/** [English, French]; an event type without a sentence of its own is told by its name. */
function sentencesOf(event) {
  const { present } = event.fact;
  const patterns = FACTS.sentences[present];
  if (patterns !== undefined) return patterns.map((pattern) => patternFilled(pattern, event.data));
  return Object.hasOwn(SENTENCES, present) ? SENTENCES[present](event.data) : [event.type, event.type];
}

function patternFilled(pattern, data) {
  return pattern.replace(/\{(\w+)(?:\[(\w+)\])?\}/g, (whole, name, part) => (part === undefined ? data[name] ?? "?" : data[name][part]));
}

function datesTold({ opens_at: opens, closes_at: closes }) {
  const told = (open, close) => [...(opens ? [`${open} ${opens}`] : []), ...(closes ? [`${close} ${closes}`] : [])].join(", ");
  return [told("opens", "closes") || "no dates", told("ouverture", "clôture") || "sans dates"];
}

function holderTold({ client }) {
  return client === undefined ? ["a person", "une personne"] : [`client ${client}`, `client ${client}`];
}

/** The members of an object as `name: value` or `name value`, by name. */
function membersTold(members, between) {
  return Object.keys(members ?? {}).sort(byCodePoint).map((name) => `${name}${between}${members[name]}`).join(", ");
}

/** A decision with its motive, its rule where one is cited, and that stances on the content do not count where that is so. */
function againstTold(english, french) {
  return ({ target = "?", motive = "?", rule_ref: rule, trash, stances }) => {
    const shown = { visible: [", readable there", ", où cela reste lisible"], invisible: [", not readable there", ", sans y être lisible"] };
    const where = shown[trash] ?? ["", ""];
    const why = rule ? `${motive}, ${rule}` : motive;
    const more = stances === "not_counted" ? ["; stances on it do not count meanwhile", " ; les positions ne comptent pas entre-temps"] : ["", ""];
    return [`${target} ${english}${where[0]} (${why})${more[0]}`, `${target} ${french}${where[1]} (${why})${more[1]}`];
  };
}

const SENTENCES_OF_STEPS = {
  "step.planned/1": (data) => {
    const [english, french] = datesTold(data);
    return [`A step of kind ${data.kind} is announced (${english})`, `Une étape de type ${data.kind} est annoncée (${french})`];
  },
  "step.rescheduled/2": (data) => {
    const [english, french] = datesTold(data);
    return [`The step has new dates: ${english} (${data.code})`, `L'étape a de nouvelles dates : ${french} (${data.code})`];
  },
  "step.closed/1": ({ delayed_by: outage }) => {
    if (outage === undefined) return ["The step closed", "L'étape est close"];
    return [`The step closed, late because of ${outage}`, `L'étape est close, en retard : ${outage}`];
  },
  "step.stances_set/1": ({ scales, arguments_on: kinds }) => {
    const [on, about] = [membersTold(scales, ": "), (kinds ?? []).join(", ")];
    const english = [...(on ? [`stances on ${on}`] : []), ...(about ? [`arguments on ${about}`] : [])];
    const french = [...(on ? [`positions sur ${on}`] : []), ...(about ? [`arguments sur ${about}`] : [])];
    return [
      `It is set what the step takes: ${english.join("; ") || "neither stances nor arguments"}`,
      `Il est fixé ce que l'étape recueille : ${french.join(" ; ") || "ni positions ni arguments"}`,
    ];
  },
  "results.embargoed/1": ({ until }) => [`Choices stay sealed until ${until}`, `Les choix restent scellés jusqu'au ${until}`],
  "candidates.listed/1": ({ items }) => [`${items.length} candidates were listed`, `${items.length} propositions ont été inscrites au vote`],
  "roll.listed/1": ({ members }) => {
    const count = (members ?? []).length;
    return [`${count} members were put on the roll`, `${count} membres ont été inscrits sur la liste`];
  },
};

const SENTENCES_OF_RESULTS = {
  "lottery.revealed/1": ({ beacon, secret, numbers }) => {
    if (beacon !== undefined) {
      return [
        `Round ${beacon.round} of the beacon was revealed, for the lottery`, `Le tour ${beacon.round} de la balise est révélé, pour le tirage au sort`,
      ];
    }
    if (secret !== undefined) {
      return [
        `Party ${secret.party} to the lottery revealed its secret`, `La partie ${secret.party} au tirage au sort a révélé son secret`,
      ];
    }
    const drawn = (numbers ?? []).map(({ name, date }) => `${name} (${date})`).join(", ") || "?";
    return [`Numbers were revealed, for the lottery: ${drawn}`, `Des numéros sont révélés, pour le tirage au sort : ${drawn}`];
  },
  "result.computed/1": ({ winners, rule }) => {
    if (winners === undefined) return ["The ballots were counted; no rule was declared", "Les bulletins ont été dépouillés ; aucune règle n'a été déclarée"];
    const count = winners.length;
    return [`The result was computed: ${count} winners by ${rule}`, `Le résultat a été calculé : ${count} lauréats selon ${rule}`];
  },
  "outcome.published/1": ({ selected }) => [
    `The authority published ${selected.length} selected candidates`, `L'autorité a proclamé ${selected.length} propositions retenues`,
  ],
  "outcome.overridden/1": ({ position, funded, code }) => [
    `Against the tally, the authority ${funded ? "funds" : "does not fund"} the candidate at position ${position} (${code})`,
    `Par dérogation, l'autorité ${funded ? "finance" : "ne finance pas"} la proposition en position ${position} (${code})`,
  ],
  "result.certified/2": ({ digest, witnessed }) => {
    const [english, french] = [`The result with digest ${digest} was certified`, `Le résultat d'empreinte ${digest} a été certifié`];
    if (witnessed === undefined) return [english, french];
    const names = witnessed.witnesses.join(", ");
    return [`${english}, witnessed by ${names}`, `${french} devant témoins : ${names}`];
  },
};

const SENTENCES_OF_CONTENTS = {
  "section.amended/1": ({ ref = "?", section = "?", because_of: because }) => {
    const [english, french] = [`Section ${section} of text ${ref} was amended`, `La section ${section} du texte ${ref} a été modifiée`];
    const refs = (because ?? []).join(", ");
    return refs ? [`${english} because of ${refs}`, `${french} en raison de ${refs}`] : [english, french];
  },
  "contribution.split_into/1": ({ ref = "?", parts }) => {
    const refs = (parts ?? []).join(", ");
    return [`Contribution ${ref} was split into ${refs}`, `La contribution ${ref} a été scindée en ${refs}`];
  },
  "argument.submitted/1": ({ ref = "?", contribution = "?", side }) => [
    `Argument ${ref} was made ${side === "for" ? "for" : "against"} contribution ${contribution}`,
    `L'argument ${ref} a été avancé ${side === "for" ? "pour" : "contre"} la contribution ${contribution}`,
  ],
  "clusters.listed/1": ({ members, group = "?" }) => {
    const count = (members ?? []).length;
    return [`${count} members of group ${group} were listed`, `${count} membres du groupe ${group} ont été listés`];
  },
  "aggregate.recorded/1": ({ target = "?", counts, basis }) => {
    const told = membersTold(counts, " ");
    if (basis === "counts_only") {
      return [`Counts without the acts behind them: ${target} (${told})`, `Chiffres sans les actes correspondants : ${target} (${told})`];
    }
    return [`Counts that the source published: ${target} (${told})`, `Chiffres publiés par la source : ${target} (${told})`];
  },
  "import.finished/1": ({ unmapped }) => {
    const count = Object.values(unmapped ?? {}).reduce((sum, lines) => sum + lines, 0);
    return [`An import ended; ${count} lines were not brought in`, `Un import a pris fin ; ${count} lignes n'ont pas été reprises`];
  },
};

const SENTENCES_OF_MODERATION = {
  "role.granted/1": (data) => {
    const [english, french] = holderTold(data);
    return [`The role ${data.granted} is granted to ${english}`, `Le rôle ${data.granted} est attribué (${french})`];
  },
  "role.revoked/1": (data) => {
    const [english, french] = holderTold(data);
    return [`The role ${data.revoked} is taken from ${english}`, `Le rôle ${data.revoked} est retiré (${french})`];
  },
  "content.hidden/1": againstTold("was hidden", "a été masqué"),
  "content.limited/1": againstTold("was put in the trash", "a été mis à la corbeille"),
  "appeal.decided/1": ({ target = "?", outcome, code = "?" }) => [
    `On appeal, the decision about ${target} was ${outcome === "upheld" ? "upheld" : "reversed"} (${code})`,
    `Sur recours, la décision concernant ${target} a été ${outcome === "upheld" ? "confirmée" : "annulée"} (${code})`,
  ],
  "content.erased/1": ({ digests, entry = "?", ground = "?" }) => {
    const count = (digests ?? []).length;
    return [`${count} fields of entry ${entry} were erased (${ground})`, `${count} champs de l'inscription ${entry} ont été effacés (${ground})`];
  },
  "legal_hold.placed/1": ({ target, code = "?" }) => [
    `A legal hold forbids to erase ${target || "anything of the project"} (${code})`,
    `Un gel légal interdit d'effacer ${target || "quoi que ce soit du projet"} (${code})`,
  ],
};

const SENTENCES = { ...SENTENCES_OF_STEPS, ...SENTENCES_OF_RESULTS, ...SENTENCES_OF_CONTENTS, ...SENTENCES_OF_MODERATION };
