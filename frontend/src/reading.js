// The reading page: both sides light each other, keys walk the tasks, the editor opens in place.
// Work is proportional to what is touched: one index from field key to elements, made when first needed.
import htmx from "htmx.org";
import { icon, text, toast } from "./frame.js";
import { isTyping, plainKey } from "./keys.js";
import { startDoubts, nextDoubt } from "./doubts.js";
import { showSide, startFaces, visible } from "./faces.js";
import { showPick, startPicking } from "./picking.js";
import { leaving, saved, startUnsaved } from "./unsaved.js";
import { fill, here, isFilled, isHere, need, startWindows } from "./windows.js";

let page, src, led;
let index = null; // field key → elements on both sides
let lit = [];
let wanted = null; // field to put the cursor in when the editor has come

export function startReading() {
  page = document.querySelector("[data-reading]");
  if (!page) return;
  src = document.getElementById("src");
  led = document.getElementById("led");
  startPointing();
  startClicks();
  startKeys();
  startSwaps();
  startPicking({ page, src, led, current, post, openEditor });
  startDoubts({ led, showTask });
  startUnsaved(() => led.querySelector(".ed"), closeEditor);
  led.querySelectorAll(".win").forEach(fold);
  startWindows(page, windowFilled);
  startFaces({ page, src, led, current, showTask });
  const first = current();
  if (first) {
    follow(first, true);
    if (page.dataset.at || first !== tasks()[0]) follow(first);
    if (canEdit() && matchMedia("(min-width: 1101px)").matches) openEditor(first, false);
  }
}

const canEdit = () => Boolean(page.querySelector("[data-undo-button]"));
const tasks = () => [...led.querySelectorAll(".tk:not(.hide)")];
const current = () => led.querySelector(".tk.cur");
const keysOf = (el) => el.dataset.f.split(" ");

// A window came: it is folded and filtered like the rest, and what is pointed at may now have its counterpart.
function windowFilled(win) {
  index = null;
  if (!led.contains(win)) return prune();
  fold(win);
  if (shownState !== "all") filter();
  prune();
}

// The element of a task, fetched with its window where it is not there yet.
async function reach(key) {
  const id = `t-${key}`;
  if (!document.getElementById(id)) await need(led, key);
  return document.getElementById(id);
}

// ── pointing ──────────────────────────────────────────────────────────────
function elementsOf(key) {
  if (!index) {
    index = new Map();
    for (const el of page.querySelectorAll("[data-f]")) for (const k of keysOf(el)) index.has(k) ? index.get(k).push(el) : index.set(k, [el]);
  }
  return index.get(key) ?? [];
}

// Marks in the document whose field was taken out, or whose doubt was answered, lose their underline.
function prune() {
  const open = new Set([...led.querySelectorAll(".db:not(.ok)")].flatMap(keysOf));
  for (const mark of src.querySelectorAll(".sp, .bx")) {
    const keys = keysOf(mark);
    if (mark.classList.contains("doubt") && !keys.some((k) => open.has(k))) mark.classList.remove("doubt");
    mark.classList.toggle("gone", !keys.some((k) => !isHere(led, k) || elementsOf(k).some((el) => el.closest(".led"))));
  }
}

let pointed = null;
function light(el) {
  for (const old of lit) old.classList.remove("on");
  lit = [];
  pointed = el;
  if (!el) return;
  const here = el.closest(".src, .led");
  let shown = false;
  for (const key of keysOf(el))
    for (const other of elementsOf(key)) {
      other.classList.add("on");
      lit.push(other);
      if (!shown && other.closest(".src, .led") !== here && other.offsetParent) shown = reveal(other);
    }
  if (here === led && !shown) showTask(el.closest(".tk"), false);
  const other = here === led ? src : led;
  const missing = shown ? [] : keysOf(el).filter((key) => !isHere(other, key));
  if (missing.length) need(other, missing[0]).then(() => pointed === el && isHere(other, missing[0]) && light(el));
}

// Scrolls only the pane that the element is in, and only when it is out of sight.
function reveal(el, middle = false) {
  const pane = el.closest(".src, .led");
  const across = el.closest(".pages.big");
  if (across) {
    const view = across.getBoundingClientRect();
    const own = el.getBoundingClientRect();
    if (own.left < view.left || own.right > view.right) across.scrollLeft += own.left - view.left - 60;
  }
  const box = pane.getBoundingClientRect();
  if (pane.scrollHeight <= pane.clientHeight + 1) {
    if (middle && pane === src && getComputedStyle(pane).overflowY === "visible") el.scrollIntoView({ block: "center" });
    return true;
  }
  const at = el.getBoundingClientRect();
  const top = box.top + 52;
  if (middle || at.top < top || at.bottom > box.bottom - 12) pane.scrollTop += at.top - (box.top + box.height * (middle ? 0.35 : 0.4));
  return true;
}

function startPointing() {
  let next = null;
  const ask = (e) => {
    const el = e.target.closest?.("[data-f]");
    if (next === null) requestAnimationFrame(() => (light(next.el?.isConnected ? next.el : null), (next = null)));
    next = { el };
  };
  page.addEventListener("mouseover", ask);
  page.addEventListener("focusin", ask);
}

// ── walking ───────────────────────────────────────────────────────────────
function go(task, focus = true) {
  if (!task) return;
  task.foldedBy?.();
  const old = current();
  if (old !== task) {
    if (old) {
      old.classList.remove("cur");
      old.removeAttribute("aria-current");
    }
    task.classList.add("cur");
    task.setAttribute("aria-current", "true");
  }
  if (focus) task.focus({ preventScroll: true });
  follow(task);
}

function follow(task, quiet = false) {
  if (!quiet) {
    const box = led.getBoundingClientRect();
    const at = task.getBoundingClientRect();
    if (led.scrollHeight > led.clientHeight + 1) {
      if (at.top < box.top + 48 || at.bottom > box.bottom - 12) led.scrollTop += at.top - box.top - Math.min(160, box.height * 0.25);
    } else task.scrollIntoView({ block: "nearest" });
  }
  showTask(task, true);
}

let shownTask = null;
function showTask(task, mark) {
  if (!task) return;
  const key = task.dataset.t;
  const places = [...src.querySelectorAll(`[data-t="${CSS.escape(key)}"]`)];
  const place = places.find((p) => p.offsetParent);
  if (mark) {
    shownTask = key;
    src.querySelectorAll(".cur").forEach((p) => p.classList.remove("cur"));
    places.forEach((p) => p.classList.add("cur"));
  }
  if (place) reveal(place, mark);
  else if (!isHere(src, key)) need(src, key).then(() => shownTask === key && isHere(src, key) && showTask(task, mark));
}

// The task before or behind the current one, through windows that are not there yet.
async function neighbour(by) {
  for (;;) {
    const list = [...led.querySelectorAll(".tk:not(.hide), .win:not([data-loaded]):not(.hide)")];
    const next = list[list.indexOf(current()) + by];
    if (!next || next.matches(".tk")) return next;
    await fill(next);
    if (!isFilled(next)) return null;
  }
}

// One after another: keys pressed while a window is on its way are not lost.
let walking = Promise.resolve();
const step = (by) => (walking = walking.then(() => walk(by)));

async function walk(by) {
  const next = await neighbour(by);
  if (!next) return;
  const editing = current()?.classList.contains("open");
  leaving(() => {
    const to = document.getElementById(next.id); // saving drew the tasks anew
    go(to);
    if (editing) openEditor(to, false);
  });
}

// ── editing ───────────────────────────────────────────────────────────────
function openEditor(task, focus = true, field = null) {
  if (!canEdit() || !task) return;
  wanted = focus ? field || "first" : null;
  if (task.classList.contains("open")) return cursor(task);
  const url = page.dataset.taskUrl.replace("KEY", task.dataset.t);
  leaving(() => {
    const to = document.getElementById(task.id);
    htmx.ajax("GET", url, { target: to, swap: "beforeend", source: to });
  });
}

function cursor(task) {
  if (!wanted) return;
  const part = wanted === "first" ? null : task.querySelector(`[data-part="${CSS.escape(wanted)}"], .g[data-f~="${CSS.escape(wanted)}"]`);
  (part ?? task.querySelector(".ed")).querySelector("input:not([type=hidden]), select")?.focus();
  wanted = null;
}

function closeEditor() {
  const form = led.querySelector(".ed");
  if (!form) return;
  const task = form.closest(".tk");
  form.remove();
  task.classList.remove("open");
  index = null;
}

let fresh = 0;
function addRow(form, kind) {
  const row = form.querySelector(`template[data-template=${kind}]`).content.firstElementChild.cloneNode(true);
  fresh += 1;
  for (const el of row.querySelectorAll("[name]")) el.name = el.name.replace("/N/", `/${fresh}/`);
  if (kind === "units") form.querySelector("[data-new=units]").before(row);
  else form.querySelector(".adds").before(row);
  row.querySelector("input").focus();
}

function removeRow(button) {
  const key = button.dataset.remove;
  const form = button.closest("form");
  const row = button.closest("[data-part]") ?? button.closest(".g:not([data-row]), .uchip");
  if (key) {
    const note = document.createElement("input");
    Object.assign(note, { type: "hidden", name: "remove", value: key });
    form.append(note);
  }
  (form.querySelector("[data-save]") ?? form).focus();
  row.remove();
  index = null;
}

function showCuts(form) {
  const box = form.querySelector(".split");
  box.hidden = !box.hidden;
  const cuts = box.querySelector(".cuts");
  if (box.hidden || cuts.childElementCount) return;
  const words = cuts.dataset.text;
  // Code points, as the server counts them.
  let offset = 0;
  for (const part of words.match(/[^，；。;,]*[，；。;,]?/gu).filter(Boolean)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cut";
    button.textContent = part;
    const here = offset;
    if (here === 0) button.disabled = true;
    button.addEventListener("click", () => post(box.dataset.url, { what: "split", offset: here }));
    cuts.append(button);
    offset += [...part].length;
  }
  cuts.querySelector("button:not(:disabled)")?.focus();
}

// ── talking to the server ─────────────────────────────────────────────────
// One after another: answers to quick keys must not overtake one another, or the sums would show an older state.
let last = Promise.resolve();
function post(url, values, target = null) {
  const send = () => htmx.ajax("POST", url, { values: { ...values, version: version() }, target: target ?? document.body, swap: target ? "outerHTML" : "none" });
  last = last.then(send, send);
  return last;
}
const version = () => document.getElementById("version")?.value ?? "";

function confirmCurrent() {
  const task = current();
  if (!task || !canEdit()) return;
  const form = task.querySelector(".ed");
  if (form) return form.requestSubmit(form.querySelector("[data-save]"));
  if (task.dataset.state === "doubt") return nextDoubt(task.dataset.t);
  if (task.dataset.state !== "checked") post(page.dataset.taskUrl.replace("KEY", task.dataset.t), { confirm: "1" }, `#t-${CSS.escape(task.dataset.t)}`);
  step(1);
}

function startSwaps() {
  page.addEventListener("htmx:configRequest", (e) => {
    if (e.detail.verb !== "post") return;
    if (e.detail.parameters.version === undefined) e.detail.parameters.version = version();
    if (led.querySelector(".win:not([data-loaded])")) e.detail.parameters.here = here(led);
  });
  document.body.addEventListener("htmx:afterSwap", () => (index = null));
  document.body.addEventListener("htmx:afterSettle", (e) => {
    index = null;
    prune();
    const dialog = document.getElementById("sheet-dialog");
    if (e.detail.target === dialog && !dialog.open) dialog.showModal();
    const form = led.querySelector(".ed");
    if (form && !form.dataset.ready) {
      form.dataset.ready = "1";
      form.closest(".tk").classList.add("open");
      if (form.closest(".tk") !== tasks()[0]) follow(form.closest(".tk"));
      cursor(form.closest(".tk"));
    }
  });
  // A saved task comes back as a new element: keep the place, then walk on.
  document.body.addEventListener("htmx:beforeSwap", (e) => {
    const task = e.detail.target;
    if (!e.detail.shouldSwap || !task.classList?.contains("tk") || e.detail.requestConfig?.verb !== "post" || e.detail.isError) return;
    const key = task.dataset.t;
    const wasCurrent = task === current();
    const wasOpen = task.classList.contains("open");
    const list = tasks();
    const following = list[list.indexOf(task) + 1]?.dataset.t;
    requestAnimationFrame(() => {
      const anew = document.getElementById(`t-${key}`);
      if (shownState !== "all") filter();
      const waiting = saved();
      if (!wasCurrent || !anew) return waiting?.();
      if (waiting) {
        go(anew, false);
        return waiting();
      }
      const next = wasOpen && following ? document.getElementById(`t-${following}`) : anew;
      go(next);
      if (wasOpen && following) openEditor(next, false);
    });
  });
}

// ── clicks ────────────────────────────────────────────────────────────────
function startClicks() {
  page.addEventListener("click", (e) => {
    const t = e.target;
    const form = t.closest(".ed");
    if (t.closest("[data-cancel]")) return putAway();
    if (t.closest("[data-new]")) return addRow(form, t.closest("[data-new]").dataset.new);
    if (t.closest("[data-remove]")) return removeRow(t.closest("[data-remove]"));
    if (t.closest("[data-split]")) return showCuts(form);
    if (t.closest("[data-undo-button]")) return post(page.dataset.undo, {});
    const fix = t.closest("[data-fix]");
    if (fix) {
      return reach(fix.dataset.fix).then((task) => (go(task), openEditor(task)));
    }
    const look = t.closest("[data-look]");
    if (look) return light(look.closest("[data-f]"));
    if (t.closest("[data-see]")) return seeSource();
    const show = t.closest("[data-show]");
    if (show) return filter(show.dataset.show);
    const link = t.closest("a[data-f]");
    if (link) {
      e.preventDefault();
      return clickField(link);
    }
    const hole = t.closest("a[data-unread], a.nu");
    if (hole) {
      e.preventDefault();
      return showUnread(hole);
    }
    const task = t.closest(".tk");
    if (task && !form && task !== current()) leaving(() => go(document.getElementById(task.id)));
    else if (task && !form && !getSelection().toString()) openEditor(task, false);
  });
}

async function clickField(link) {
  const keys = keysOf(link);
  // A box over a whole paragraph stands for several fields: each click goes to the next.
  link.turn = (link.turn ?? -1) + 1;
  const key = keys[link.matches(".bx") ? link.turn % keys.length : 0];
  if (src.contains(link)) {
    await need(led, key);
    showSide("led");
  }
  const task = link.closest(".tk") ?? elementsOf(key).map((el) => el.closest(".tk")).find(Boolean) ?? (link.closest("[data-t]") && (await reach(link.closest("[data-t]").dataset.t)));
  if (task && task !== current()) return leaving(() => (go(document.getElementById(task.id), false), showField(link, key, task)));
  showField(link, key, task);
}

function showField(link, key, task) {
  light(link);
  if (link.closest(".led") && task === current() && canEdit()) openEditor(task, true, key);
  else if (task) {
    const field = elementsOf(key).find((el) => el.closest(".led") && el.offsetParent);
    if (field?.matches("a")) field.focus({ preventScroll: true });
    else if (field) field.querySelector("input, select, button")?.focus({ preventScroll: true });
  }
}

function showUnread(link) {
  const hole = document.getElementById(link.hash.slice(1)) ?? src.querySelector(".nu");
  if (!hole) return;
  reveal(hole, true);
  hole.focus({ preventScroll: true });
}

// Runs of three and more confirmed tasks are folded, so that what is still to do stays in sight.
function fold(win) {
  let run = [];
  const close = () => {
    if (run.length > 2) foldRun(run);
    run = [];
  };
  for (const el of [...win.children]) {
    if (el.matches(".tk[data-state=checked]:not(.cur)")) run.push(el);
    else close();
  }
  close();
}

function foldRun(run) {
  const button = document.createElement("button");
  const label = (el) => el.querySelector(".k").textContent;
  button.type = "button";
  button.className = "fold noprint";
  const what = document.createElement("span");
  what.className = "st2";
  what.append(icon("i-check"), text("folded").replace("{n}", run.length));
  button.append(icon("i-right"), text("fromto").replace("{a}", label(run[0])).replace("{b}", label(run.at(-1))), what);
  button.addEventListener("click", () => {
    unfold(button, run);
    go(run[0]);
  });
  run[0].before(button);
  for (const task of run) {
    task.classList.add("hide");
    task.foldedBy = () => unfold(button, run);
  }
}

function unfold(button, run) {
  button.remove();
  for (const task of run) {
    delete task.foldedBy;
    task.classList.remove("hide");
  }
}

let shownState = "all";
function filter(state = shownState) {
  shownState = state;
  for (const button of led.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", button.dataset.show === state);
  for (const task of led.querySelectorAll(".tk")) {
    task.foldedBy?.();
    const checked = task.dataset.state === "checked";
    task.classList.toggle("hide", task !== current() && ((state === "open" && checked) || (state === "checked" && !checked)));
  }
  for (const win of led.querySelectorAll(".win")) win.classList.toggle("hide", !isFilled(win) && state !== "all" && win.dataset[state] === "0");
}

// ── keys ──────────────────────────────────────────────────────────────────
function putAway() {
  const task = led.querySelector(".ed")?.closest(".tk") ?? current();
  closeEditor();
  if (task) document.getElementById(task.id)?.focus({ preventScroll: true });
}

// The current task in the document: on a narrow screen the document takes the ledger's place.
function seeSource() {
  showSide("src");
  showTask(current(), true);
  visible(src.querySelectorAll(".cur a.sp, .bx.on, .cur .bx"))?.focus({ preventScroll: true });
}

function startKeys() {
  document.addEventListener("keydown", (e) => {
    if (document.querySelector("dialog[open]")) return;
    if (e.key === "Escape") {
      e.preventDefault(); // the same key would close the question that it raises
      return leaving(putAway);
    }
    if (isTyping(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    const onControl = /^(BUTTON|A|SUMMARY)$/.test(e.target.tagName);
    const acts = {
      j: () => step(1),
      k: () => step(-1),
      Enter: () => onControl || (e.preventDefault(), confirmCurrent()),
      e: () => (e.preventDefault(), openEditor(current())),
      u: () => canEdit() && post(page.dataset.undo, {}),
      r: () => canEdit() && post(page.dataset.redo, {}),
      a: () => (e.preventDefault(), showPick(true)),
      d: () => nextDoubt(),
      h: () => document.getElementById("history-button").click(),
      o: () => seeSource(),
    };
    for (const key of Object.keys(acts)) if (plainKey(e, key)) return acts[key]();
  });
}
