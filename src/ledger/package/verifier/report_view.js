// The report as people read it. Everything that comes out of the file is put in as text, never as markup.

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children.flat(Infinity).filter((child) => child !== null));
  return made;
}

function showReport(report) {
  const place = document.getElementById("report");
  place.hidden = false;
  if (report.usage) {
    place.replaceChildren(element("div", { class: "verdict unreadable", role: "status" }, element("h2", {}, words().usage), element("p", {}, report.usage)));
    return;
  }
  const faults = report.findings.filter((finding) => finding.severity === "fault");
  const notices = report.findings.filter((finding) => finding.severity === "notice");
  place.replaceChildren(
    verdictView(report),
    ...(faults.length ? [element("h2", {}, words().findings), ...faults.map((finding) => findingView(finding, report))] : []),
    element("h2", {}, words().proven),
    stagesView(report),
    ...ledgerView(report),
    ...resultsView(report),
    ...differencesView(report),
    element("h2", {}, words().unproven),
    limitsView(report),
    ...(notices.length ? [element("h2", {}, words().notices), ...notices.map((finding) => findingView(finding, report))] : []),
  );
}

function verdictView(report) {
  const [title, meaning] = words().verdicts[report.verdict];
  const key = report.key === "given" ? words().keyGiven : words().keyShipped;
  const number = new Intl.NumberFormat(PAGE.language);
  const rows = [
    ["package", report.package],
    ["origin", report.origin],
    ["size", report.size === null ? null : number.format(report.size)],
    ["root", report.root],
    ["key", report.vkey === null ? null : `${report.vkey} (${key})`],
  ].filter(([, value]) => value !== null);
  return element(
    "div",
    { class: `verdict ${report.verdict}`, role: "status", "data-verdict": report.verdict },
    element("h2", {}, title),
    element("p", {}, meaning),
    element("dl", { class: "facts" }, rows.map(([name, value]) => [element("dt", {}, words().facts[name]), element("dd", { class: name === "root" || name === "key" ? "mono" : "" }, value)])),
  );
}

function stagesView(report) {
  const shown = STAGES.filter((stage) => stage !== "older" || report.stages.older !== "not_checked");
  return element(
    "ul",
    { class: "marks" },
    shown.map((stage) => {
      const state = report.stages[stage];
      const [name, meaning] = words().stages[stage];
      const confirmed = stage === "integrity" && report.confirmed_by_browser ? ` ${words().confirmed.replace("{count}", report.confirmed_by_browser)}` : "";
      return element("li", { class: state, "data-stage": stage }, `${name}${words().colon}${words().stageStates[state]}`, element("span", { class: "why" }, meaning + confirmed));
    }),
  );
}

function limitsView(report) {
  const left = report.not_checked.map((one) => {
    const said = words().limits[one.code];
    if (said === undefined) return [one.what, one.why];
    return [said, one.code === "key-from-package" ? "" : one.what];
  });
  const always = words().unprovenAlways.map((text) => [text, ""]);
  return element("ul", { class: "marks" }, [...left, ...always].map(([what, why]) => element("li", { class: "not_checked" }, what, why ? element("span", { class: "why" }, why) : null)));
}

function findingView(finding, report) {
  const more = report.unlisted[finding.check];
  return element(
    "div",
    { class: `finding ${finding.severity}`, "data-check": finding.check },
    element("p", {}, finding.place),
    element(
      "dl",
      { class: "facts" },
      element("dt", {}, words().expected), element("dd", {}, finding.expected),
      element("dt", {}, words().found), element("dd", {}, finding.found),
      element("dt", {}, element("span", { class: "mono" }, finding.check)), element("dd", {}, (words().checks[finding.check] || "") + (more ? ` (${filled(words().more, { count: more })})` : "")),
    ),
  );
}

function resultsView(report) {
  if (!report.results.length) return [];
  return [element("h2", {}, words().results), ...report.results.flatMap(stepView)];
}

function stepView(result) {
  const most = Math.max(1, ...result.candidates.map((candidate) => Math.abs(candidate.score ?? 0)));
  const head = ["candidate", "votes", "score", "picture", "cost", "won"];
  const cells = head.map((name) => element("th", { scope: "col", class: ["votes", "score", "cost"].includes(name) ? "number" : "" }, name === "picture" ? "" : words()[name]));
  const rows = result.candidates.map((candidate) => candidateView(candidate, most, result.currency));
  const not = Object.values(result.not_counted).reduce((sum, count) => sum + count, 0);
  return [
    element("h3", {}, `${inLanguage(result.title) ?? result.step} (${result.step}, ${result.rule})`),
    element(
      "div",
      { class: "scroll" },
      element("table", {}, element("caption", {}, filled(words().counted, { counted: result.counted, not })), element("thead", {}, element("tr", {}, cells)), element("tbody", {}, rows)),
    ),
  ];
}

function candidateView(candidate, most, currency) {
  const number = new Intl.NumberFormat(PAGE.language);
  const width = Math.max(0, Math.round((1000 * (candidate.score ?? 0)) / most));
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 1000 40");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("role", "presentation");
  const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ class: "bar-fill", width, height: 40 })) bar.setAttribute(key, value);
  picture.append(bar);
  return element(
    "tr",
    candidate.won ? { class: "won" } : {},
    element("th", { scope: "row" }, titleOf(candidate), element("span", { class: "why" }, candidate.title === null ? "" : candidate.ref)),
    element("td", { class: "number" }, number.format(candidate.votes)),
    element("td", { class: "number" }, number.format(candidate.score)),
    element("td", { class: "picture" }, picture),
    element("td", { class: "number" }, money(candidate.cost_minor, currency)),
    element("td", {}, candidate.won ? words().yes : ""),
  );
}

/** A text in the language of the page where there is one, else in any; null where there is none. */
function inLanguage(texts) {
  if (texts === null || texts === undefined) return null;
  return texts[PAGE.language] ?? Object.values(texts)[0] ?? null;
}

function titleOf(candidate) {
  return inLanguage(candidate.title) ?? candidate.ref;
}

/** An amount in the currency's main unit, as people write it. */
function money(minor, currency) {
  let format;
  try {
    format = new Intl.NumberFormat(PAGE.language, { style: "currency", currency, minimumFractionDigits: 0 });
  } catch {
    return new Intl.NumberFormat(PAGE.language).format(minor);
  }
  return format.format(minor / 10 ** new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits);
}

/** What the ledger's own log and its witnesses say of the package. */
function ledgerView(report) {
  if (!report.ledger) return [];
  const number = new Intl.NumberFormat(PAGE.language);
  const said = words().ledgerRows;
  const witnesses = report.witnessed && report.witnessed.by.length ? report.witnessed.by.map(({ name, at }) => `${name} (${at})`).join(", ") : words().nobody;
  const quorum = report.witnessed === null ? said.noPolicy : report.witnessed.asked ? (report.witnessed.met ? said.met : said.unmet) : said.noQuorum;
  const source = report.witnessed === null ? "" : ` (${said[report.witnessed.policy]})`;
  const rows = [
    [said.origin, `${report.ledger.origin}, ${number.format(report.ledger.size)}`],
    [words().witnesses, witnesses],
    [said.quorum, quorum + source],
    [said.signing, report.keys.signing.join(", ")],
    [said.retired, report.keys.retired.join(", ") || said.none],
  ];
  return [element("h2", {}, words().ledgerTitle), element("dl", { class: "facts" }, rows.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]))];
}
