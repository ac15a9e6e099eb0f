// The unit's page: one key for "unchanged", figures judged while typed, every change kept here first and saved by fetch.
import { isTyping, plainKey } from "./keys.js";
import { text, toast } from "./frame.js";

const WAIT = 700; // milliseconds of silence before a save
const RETRY = 4000; // milliseconds until a save that did not get through is tried again
const words = () => JSON.parse(document.getElementById("unit-text").textContent);
const items = () => [...document.querySelectorAll(".it")];
const writable = () => items().filter((it) => it.dataset.url);
const drafts = new Map(); // report → { seen, waiting, timer, busy, refused }
let current = null;

export function startUnit() {
  const box = document.getElementById("items");
  if (!box) return;
  for (const it of items()) {
    drafts.set(it, { seen: JSON.parse(it.querySelector("script").textContent), waiting: {}, timer: null, busy: false });
    it.querySelectorAll(".ent[data-goal]").forEach(judge);
  }
  restore();
  count();
  box.addEventListener("input", typed);
  box.addEventListener("change", chosen);
  box.addEventListener("click", (e) => e.target.closest(".same") && same(e.target.closest(".it")));
  box.addEventListener("focusin", (e) => mark(e.target.closest(".it"), false));
  box.addEventListener("keydown", entered);
  box.addEventListener("submit", (e) => e.target.matches(".tri") && (e.preventDefault(), e.target.closest(".it").querySelector("[data-text]").dispatchEvent(new Event("input", { bubbles: true }))));
  document.addEventListener("keydown", keyed);
  document.addEventListener("click", (e) => e.target.closest("#all, [data-all]") && rest());
  document.getElementById("sign")?.addEventListener("submit", sign);
  window.addEventListener("online", () => drafts.forEach((_d, it) => save(it)));
  window.addEventListener("beforeunload", (e) => [...drafts.values()].some((d) => Object.keys(d.waiting).length) && e.preventDefault());
  startFiles(box);
  mark(writable().find((it) => !it.classList.contains("ok")) ?? writable()[0], false);
}

// ── what is typed ──────────────────────────────────────────────────────
function typed(e) {
  const it = e.target.closest(".it");
  if (!it?.dataset.url) return;
  if (e.target.matches("[data-text]")) set(it, e.target.dataset.text, e.target.value);
  else if (e.target.closest(".ent") && e.target.matches("[data-figure], input[data-part]")) figure(it, e.target.closest(".ent"));
}

function chosen(e) {
  const it = e.target.closest(".it");
  if (!it?.dataset.url) return;
  if (e.target.matches("select[data-part]")) {
    figure(it, e.target.closest(".ent"));
  } else if (e.target.matches("[data-node]")) {
    const stage = e.target.closest(".stages");
    const node = e.target.value ? Number(e.target.value) : null;
    set(it, stage.dataset.field, { stage: stage.dataset.stage, node });
  } else if (e.target.matches("input[type=checkbox][data-field]")) {
    const done = e.target.checked;
    e.target.closest("label").classList.toggle("new", done);
    const roster = e.target.closest(".ros");
    roster.previousElementSibling.querySelector(".cnt").textContent = roster.querySelectorAll(":checked").length;
    set(it, e.target.dataset.field, done ? { done: true } : null);
  }
}

function figure(it, ent) {
  const input = ent.querySelector("[data-figure]");
  input.classList.remove("prev");
  const value = { value: input.value.trim() };
  for (const part of ent.querySelectorAll("[data-part]")) if (part.value) value[part.dataset.part] = part.value;
  set(it, ent.dataset.field, value.value ? value : null);
  const [cut, basis] = [ent.querySelector(".cut"), ent.querySelector(".bas")];
  if (cut) cut.textContent = ent.querySelector('[data-part="cutoff"]').value;
  if (basis) basis.textContent = ent.querySelector('[data-part="basis"]').selectedOptions[0].textContent;
  wrong(ent, value.value && !NUMBER.test(plain(value.value)) ? words().nan.replace("{text}", value.value) : "");
  judge(ent);
  done(it);
}

// What cannot be signed is said at its box; what was typed stays.
function wrong(ent, said) {
  const line = ent.querySelector(".wrong");
  if (!line) return;
  if (line.textContent !== said) line.textContent = said;
  line.hidden = !said;
  if (said && NUMBER.test(plain(ent.querySelector("[data-figure]").value))) ent.querySelector(".fine")?.setAttribute("open", "");
  ent.querySelector("[data-figure]").setAttribute("aria-invalid", String(Boolean(said)));
}

// Something typed is a change, so "unchanged" no longer holds.
function set(it, field, value) {
  const draft = drafts.get(it);
  if (field !== "unchanged" && (draft.waiting.unchanged ?? draft.seen.unchanged)) mute(it, false);
  draft.waiting[field] = value;
  remember();
  done(it);
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => save(it), WAIT);
}

function mute(it, yes) {
  it.querySelector(".same")?.setAttribute("aria-pressed", String(yes));
  drafts.get(it).waiting.unchanged = yes;
}

function same(it) {
  if (!it?.dataset.url || !it.querySelector(".same")) return;
  const yes = it.querySelector(".same").getAttribute("aria-pressed") !== "true";
  it.querySelector(".same").setAttribute("aria-pressed", String(yes));
  setAside(it, yes);
  set(it, "unchanged", yes);
  if (yes) step(1, it);
}

// A report is unchanged or has figures, never both: what was typed is put aside, and comes back with the next press.
function setAside(it, yes) {
  const draft = drafts.get(it);
  const parts = Object.entries({ ...draft.seen, ...draft.waiting }).filter(([field, value]) => field.includes(".") && value);
  const put = yes ? parts.map(([field, value]) => [field, null, value]) : Object.entries(draft.aside ?? {}).map(([field, value]) => [field, value]);
  draft.aside = yes ? Object.fromEntries(put.map(([field, , value]) => [field, value])) : {};
  for (const [field, value] of put) {
    draft.waiting[field] = value;
    show(it, field, value);
  }
  if (yes && put.length) toast(words().aside);
}

function rest() {
  for (const it of writable()) if (!it.classList.contains("ok") && it.querySelector(".same")) same(it);
}

// ── what is due, beside what is typed ──────────────────────────────────
function judge(ent) {
  const out = ent.querySelector(".out");
  const bar = ent.querySelector(".pg i");
  const goal = parseFloat(ent.dataset.goal);
  const due = parseFloat(ent.dataset.due);
  const value = parseFloat(plain(ent.querySelector("[data-figure]").value));
  if (!out) return;
  const down = ent.dataset.bound === "max" || ent.dataset.kind === "rank";
  if (bar && goal > 0 && !down) {
    bar.style.width = `${Math.min(Math.max((value / goal) * 100 || 0, 0), 100)}%`;
    const tick = ent.querySelector(".pg b");
    if (tick) tick.style.left = `${Math.min((due / goal) * 100, 100)}%`;
  } else if (bar) bar.parentElement.hidden = true;
  if (ent.querySelector("[data-figure]").getAttribute("aria-invalid") === "true") out.textContent = "";
  else if (Number.isNaN(value)) out.textContent = words().blank;
  else if (Number.isNaN(due)) out.textContent = "";
  else if (!down && value >= goal) out.textContent = words().done;
  else if (down ? value <= due : value >= due) out.textContent = words().good;
  else {
    const n = Math.abs(due - value);
    const shown = Number.isInteger(value) && Number.isInteger(goal) ? Math.ceil(n - 1e-9) : Math.ceil(n * 100 - 1e-7) / 100;
    out.textContent = words().behind.replace("{n}", shown).replace("{unit}", ent.dataset.unit);
  }
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)$/;
const plain = (said) => said.replace(/[０-９．－]/g, (c) => "0123456789.-"["０１２３４５６７８９．－".indexOf(c)]).replace(/[,，\s]/g, "");

// ── saving ─────────────────────────────────────────────────────────────
async function save(it) {
  const draft = drafts.get(it);
  const sent = { ...draft.waiting };
  if (draft.busy || !Object.keys(sent).length) return;
  draft.busy = true;
  const changes = {};
  for (const [field, value] of Object.entries(sent)) changes[field] = { base: draft.seen[field] ?? null, value };
  let answer;
  try {
    answer = await fetch(it.dataset.url, { method: "POST", headers: { "Content-Type": "application/json", ...token() }, body: JSON.stringify({ changes }) });
  } catch {
    lost(true);
    draft.busy = false;
    draft.timer = setTimeout(() => save(it), RETRY);
    return;
  }
  draft.busy = false;
  lost(false);
  if (answer.redirected && answer.url.includes("/login/")) return refuse(it, text("notyet"));
  if (!answer.ok) {
    // What the server does not take is kept here, and sent again with the next change.
    const said = answer.headers.get("X-Sentence");
    return refuse(it, said ? decodeURIComponent(said) : text("failed"));
  }
  refuse(it, "");
  const now = await answer.json();
  for (const [field, value] of Object.entries(sent)) if (draft.waiting[field] === value) delete draft.waiting[field];
  draft.seen = now.values;
  remember();
  for (const ent of it.querySelectorAll(".ent[data-field]")) if (!(ent.dataset.field in draft.waiting)) (wrong(ent, now.wrong[ent.dataset.field] ?? ""), judge(ent));
  done(it);
  for (const [field, value] of Object.entries(now.merged)) show(it, field, value);
  if (Object.keys(now.merged).length) toast(words().merged);
  for (const [field, value] of Object.entries(now.theirs)) if (!(field in draft.waiting)) offer(it, field, value);
  const at = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const line = document.getElementById("saved");
  if (line) line.textContent = words().saved.replace("{time}", at);
  if (Object.keys(draft.waiting).length) save(it);
}

const token = () => JSON.parse(document.body.getAttribute("hx-headers"));
const lost = (yes) => (document.getElementById("lost").hidden = !yes);

// Why the server did not take what is typed, beside it; an empty sentence takes the line away.
function refuse(it, said) {
  drafts.get(it).refused = said;
  it.querySelector(".refused")?.remove();
  if (!said) return;
  const line = document.createElement("p");
  line.className = "note r refused";
  line.setAttribute("role", "alert");
  line.textContent = said;
  it.querySelector("header").after(line);
}

// The other writer had something else where one's own now stands: one click takes it.
function offer(it, field, value) {
  const line = document.createElement("p");
  line.className = "note y theirs";
  line.append(words().theirs.replace("{theirs}", value?.value ?? value ?? "—"));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn sm";
  button.textContent = words().use;
  button.addEventListener("click", () => {
    show(it, field, value);
    set(it, field, value);
    line.remove();
  });
  line.append(button);
  it.querySelector("header").after(line);
}

function show(it, field, value) {
  const area = it.querySelector(`[data-text="${field}"]`);
  if (area) area.value = value ?? "";
  const ent = it.querySelector(`.ent[data-field="${field}"]`);
  if (ent) {
    ent.querySelector("[data-figure]").value = value?.value ?? ent.dataset.last;
    wrong(ent, "");
    for (const part of ent.querySelectorAll("[data-part]")) if (value?.[part.dataset.part]) part.value = value[part.dataset.part];
    ent.querySelector("[data-figure]").classList.toggle("prev", !value?.value);
    judge(ent);
  }
  const place = it.querySelector(`input[type=checkbox][data-field="${field}"]`);
  if (place) place.checked = Boolean(value?.done);
  const stage = it.querySelector(`.stages[data-field="${field}"]`);
  if (stage) for (const radio of stage.querySelectorAll("[data-node]")) radio.checked = value !== null && radio.value === String(value.node ?? "");
  if (field === "unchanged") it.querySelector(".same")?.setAttribute("aria-pressed", String(Boolean(value)));
}

// What the server has not confirmed yet lies in this browser, and comes back with the page.
const shelf = () => `luoshi-unit-${document.getElementById("items").dataset.unit}`;
function remember() {
  const kept = {};
  drafts.forEach((d, it) => Object.keys(d.waiting).length && (kept[it.dataset.report] = d.waiting));
  try {
    if (Object.keys(kept).length) localStorage.setItem(shelf(), JSON.stringify(kept));
    else localStorage.removeItem(shelf());
  } catch { /* a full or forbidden store: the server still saves */ }
}

function restore() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(shelf()) ?? "{}");
  } catch { /* not ours */ }
  let found = false;
  for (const [report, fields] of Object.entries(kept)) {
    const it = document.getElementById(`r${report}`);
    if (!it?.dataset.url) continue;
    for (const [field, value] of Object.entries(fields)) {
      show(it, field, value);
      drafts.get(it).waiting[field] = value;
      found = true;
    }
    it.querySelector("details.more")?.setAttribute("open", "");
    done(it);
    save(it);
  }
  if (found) toast(words().kept);
}

// ── where one is, and how much is left ─────────────────────────────────
function done(it) {
  const draft = drafts.get(it);
  const all = { ...draft.seen, ...draft.waiting };
  const said = Object.values(all).some((v) => v !== null && v !== "" && v !== false);
  it.classList.toggle("ok", said && !it.querySelector('[aria-invalid="true"]'));
  count();
}

function count() {
  const all = writable();
  const left = all.filter((it) => !it.classList.contains("ok"));
  const { item, box } = document.getElementById("items").dataset;
  const minutes = Math.ceil(left.reduce((sum, it) => sum + Number(item) + Number(box) * Number(it.dataset.boxes), 0));
  const say = (id, said) => document.getElementById(id) && (document.getElementById(id).textContent = said);
  if (all.length) {
    // Who only looks on has nothing to fill in: what the server counted stands.
    say("left", left.length);
    say("min", minutes);
  }
  say("cnt", words().filled.replace("{n}", items().filter((it) => it.classList.contains("ok")).length));
  document.querySelectorAll(".ml").forEach((b) => (b.textContent = left.length));
  const bar = document.getElementById("bar");
  if (bar && all.length) bar.style.width = `${((all.length - left.length) / all.length) * 100}%`;
  for (const li of document.querySelectorAll(".todo li")) li.classList.toggle("ok", document.getElementById(li.dataset.t)?.classList.contains("ok"));
}

function mark(it, scroll = true) {
  if (!it || it === current) return;
  current?.classList.remove("now");
  current = it;
  it.classList.add("now");
  if (scroll) it.scrollIntoView({ block: "nearest" });
}

function step(by, from = current) {
  const all = writable();
  const next = all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)];
  if (!next) return;
  mark(next);
  next.focus({ preventScroll: true });
}

// ── keys ───────────────────────────────────────────────────────────────
function keyed(e) {
  if (isTyping(e) && !/^(radio|checkbox)$/.test(e.target.type)) return;
  if (document.querySelector("dialog[open]")) return;
  if (plainKey(e, "u")) same(current);
  else if (plainKey(e, "j")) step(1);
  else if (plainKey(e, "k")) step(-1);
  else if (plainKey(e, "n")) (e.preventDefault(), write());
  else if (plainKey(e, "s")) document.getElementById("send")?.click();
  else if (plainKey(e, "Enter") && (e.target === current || e.target === document.body)) (e.preventDefault(), open());
}

function open() {
  const first = current?.querySelector("[data-figure]:not([disabled]), [data-node]:not([disabled]), .ros input:not([disabled])");
  if (!first) return write();
  first.focus();
  first.select?.();
}

function write() {
  const more = current?.querySelector("details.more");
  if (!more) return;
  more.open = true;
  more.querySelector("textarea")?.focus();
}

// Enter in a figure: the next figure of the item, else the next item.
function entered(e) {
  if (!e.target.matches("[data-figure]") || !plainKey(e, "Enter")) return;
  e.preventDefault();
  e.stopPropagation();
  const here = [...e.target.closest(".it").querySelectorAll("[data-figure]:not([disabled])")];
  const next = here[here.indexOf(e.target) + 1];
  if (next) (next.focus(), next.select());
  else step(1, e.target.closest(".it"));
}

async function sign(e) {
  if (e.submitter?.matches("[data-ready]")) return; // asks the head to sign: signs nothing
  e.preventDefault();
  const ready = writable().filter((it) => it.classList.contains("ok")).length;
  if (!window.confirm(words().ask.replace("{n}", ready))) return;
  for (const [it, d] of drafts) {
    clearTimeout(d.timer);
    while (d.busy) await new Promise((go) => setTimeout(go, 60));
    await save(it);
  }
  const bad = document.querySelector('#items [aria-invalid="true"]:not([disabled])');
  if (bad) return (bad.focus(), toast(bad.closest(".ent").querySelector(".wrong").textContent, true));
  const unsaved = [...drafts.keys()].filter((it) => Object.keys(drafts.get(it).waiting).length);
  const refused = unsaved.find((it) => drafts.get(it).refused);
  if (refused) (mark(refused), toast(drafts.get(refused).refused, true));
  else if (unsaved.length) toast(text("offline"), true);
  else e.target.submit();
}

// ── files: chosen, dropped on an item, pasted from the clipboard ───────
function startFiles(box) {
  box.addEventListener("change", (e) => {
    if (e.target.matches("[data-evidence]")) (send(e.target.closest(".it"), [...e.target.files]), (e.target.value = ""));
    if (e.target.matches("[data-again-use]") && e.target.value) send(e.target.closest(".it"), [], e.target.value);
  });
  box.addEventListener("dragover", (e) => {
    const it = e.target.closest(".it[data-url]");
    if (!it || ![...e.dataTransfer.types].includes("Files")) return;
    e.preventDefault();
    it.classList.add("over");
  });
  box.addEventListener("dragleave", (e) => e.target.closest(".it")?.classList.remove("over"));
  box.addEventListener("drop", (e) => {
    const it = e.target.closest(".it[data-url]");
    if (!it) return;
    e.preventDefault();
    it.classList.remove("over");
    send(it, [...e.dataTransfer.files]);
  });
  document.addEventListener("paste", (e) => {
    const files = [...(e.clipboardData?.files ?? [])];
    if (!files.length || !current) return;
    e.preventDefault();
    send(current, files);
  });
}

// Why files were not taken, below the item's files until the next try.
function unfit(it, said) {
  it.querySelector(".unfit")?.remove();
  if (!said) return;
  const line = document.createElement("p");
  line.className = "note r unfit";
  line.setAttribute("role", "alert");
  line.textContent = said;
  it.querySelector(".ev").after(line);
}

async function send(it, files, again = "") {
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name);
  if (again) body.append("evidence", again);
  for (const box of it.querySelectorAll("[data-paper]")) if (box.value) body.append(box.dataset.paper, box.value);
  const place = it.querySelector(".ev");
  place.classList.add("busy");
  try {
    const answer = await fetch(it.dataset.evidenceUrl, { method: "POST", headers: { "HX-Request": "true", ...token() }, body });
    const said = answer.headers.get("X-Sentence");
    unfit(it, said ? decodeURIComponent(said) : answer.ok ? "" : text("failed"));
    if (!answer.ok) return;
    place.outerHTML = await answer.text();
    window.htmx.process(it.querySelector(".ev"));
  } catch {
    unfit(it, text("offline"));
  } finally {
    place.classList.remove("busy");
  }
}
