// The side that people see: a file is chosen, the worker is asked, the report is shown.

const WORDS = { en: WORDS_EN, fr: WORDS_FR };
const PAGE = { language: "en", package: null, worker: null, report: null };

function startPage() {
  const preferred = (navigator.languages || [navigator.language]).map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS);
  speak(preferred || "en");
  for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => speak(button.dataset.language));
  const chosen = document.getElementById("package");
  chosen.addEventListener("change", () => choose(chosen.files[0]));
  document.getElementById("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  document.getElementById("stop").addEventListener("click", stop);
  takeDrops(document.getElementById("drop"));
}

function takeDrops(area) {
  const over = (on) => (event) => {
    event.preventDefault();
    area.classList.toggle("over", on);
  };
  for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) choose(event.dataTransfer.files[0]);
  });
}

function words() {
  return WORDS[PAGE.language];
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function speak(language) {
  PAGE.language = language;
  document.documentElement.lang = language;
  document.title = `${words().brand}: ${words().title}`;
  for (const element of document.querySelectorAll("[data-words]")) {
    element.textContent = filled(words()[element.dataset.words], { version: FACTS.version });
  }
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", words()[element.dataset.label]);
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === language));
  if (PAGE.report !== null) showReport(PAGE.report);
}

function choose(file) {
  PAGE.package = file || null;
  document.getElementById("chosen").textContent = file ? `${file.name} (${new Intl.NumberFormat(PAGE.language).format(file.size)} B)` : "";
  document.getElementById("start").disabled = !file;
}

function lines(id) {
  return document.getElementById(id).value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

function ask() {
  stop();
  const older = document.getElementById("older").files[0] || null;
  const url = URL.createObjectURL(new Blob([document.getElementById("program").textContent.replace(/startPage\(\);\s*$/, "startWorker(self, FACTS);")], { type: "text/javascript" }));
  PAGE.worker = new Worker(url);
  URL.revokeObjectURL(url);
  PAGE.worker.onmessage = ({ data }) => (data.report ? finish(data.report) : tellProgress(data));
  PAGE.worker.onerror = (event) => finish({ usage: event.message });
  document.getElementById("report").hidden = true;
  document.getElementById("working").hidden = false;
  document.getElementById("start").disabled = true;
  tellProgress({ phase: "directory", done: 0, total: 0 });
  PAGE.worker.postMessage({
    file: PAGE.package,
    name: PAGE.package.name,
    vkeys: lines("keys"),
    ledgerVkeys: lines("ledger-keys"),
    policy: document.getElementById("policy").value.trim() ? document.getElementById("policy").value : null,
    older,
    olderName: older ? older.name : "",
  });
}

function stop() {
  if (PAGE.worker) PAGE.worker.terminate();
  PAGE.worker = null;
  document.getElementById("working").hidden = true;
  document.getElementById("start").disabled = PAGE.package === null;
}

function tellProgress({ phase, done, total }) {
  const bar = document.getElementById("progress");
  if (total) bar.value = Math.min(1, done / total);
  else bar.removeAttribute("value");
  const number = new Intl.NumberFormat(PAGE.language);
  const how = total ? `: ${filled(words().of, { done: number.format(done), total: number.format(total) })}` : "…";
  document.getElementById("phase").textContent = (words().phases[phase] || phase) + how;
}

function finish(report) {
  stop();
  PAGE.report = report;
  showReport(report);
  document.getElementById("report").focus();
  document.getElementById("report").scrollIntoView({ block: "start" });
}
