// Whether the pages for people read as this version of the ledger writes them; another version may word them otherwise.

async function checkDescriptions(replay, manifest, findings) {
  const { reader, entries: { checkpoint, size } } = replay;
  const version = member(member(manifest.document, "ledger"), "version");
  const isOurs = version === FACTS.version && manifest.format === FORMATS.at(-1);
  const told = { origin: checkpoint.origin, size, root: base64(checkpoint.root) };
  for (const name of isOurs ? PAGES.filter((page) => reader.has(page)) : []) {
    const text = FACTS.pages[name].replace(/\{(origin|size|root)\}/g, (whole, field) => told[field]);
    await compareLines(name, text.split("\n").slice(0, -1), reader, findings, "integrity");
  }
  const pages = isOurs ? "" : `${PAGES.join(", ")} and `;
  const what = `the wording of ${pages}${MANIFEST}, and what verify.html does`;
  const why = isOurs ? "this page compares their digests alone" : `version ${version} wrote it as ${manifest.format}, and this is ${FACTS.version}`;
  findings.leftOut("results", "descriptions", what, why);
}
