// What was typed and not saved: nobody leaves it without being asked, a session that ends does not take it along, and
// what a colleague wrote meanwhile is put beside it.
import { text, toast } from "./frame.js";

let editor = () => null; // the open form, or null
let discard = () => {};
let afterSave = null;
let going = false; // the person said that the page may go

export function startUnsaved(find, close) {
  editor = find;
  discard = close;
  const dialog = document.getElementById("unsaved");
  if (!dialog) return;
  dialog.addEventListener("click", (e) => answer(dialog, e.target.closest("[data-then]")?.dataset.then));
  addEventListener("beforeunload", (e) => dirty() && !going && e.preventDefault());
  document.addEventListener("click", askAtLinks, true);
  document.body.addEventListener("htmx:confirm", askAtRequests);
  document.body.addEventListener("htmx:responseError", (e) => showTheirs(e.detail));
  document.body.addEventListener("htmx:afterRequest", (e) => e.detail.elt === editor() && !e.detail.successful && (afterSave = null));
}

export const dirty = () => Boolean(editor()) && changed(editor());

// Whether anything in the editor differs from what stood there; the buttons of the form do not count.
export function changed(form) {
  return [...form.elements].some((el) => {
    if (!el.name || el.type === "submit") return false;
    if (el.name === "remove") return true;
    if (el.name.startsWith("new/")) return el.tagName === "INPUT" && el.value !== "";
    if (el.tagName === "SELECT") return !el.selectedOptions[0]?.defaultSelected;
    return el.type !== "hidden" && el.value !== el.defaultValue;
  });
}

// Goes on at once where nothing would be lost, else asks: save, throw away, or stay.
let next = null;
export function leaving(then) {
  if (!dirty()) {
    discard();
    return then();
  }
  next = then;
  const dialog = document.getElementById("unsaved");
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-then=save]").focus();
}

function answer(dialog, what) {
  if (!what) return;
  dialog.close();
  if (what === "save") {
    afterSave = next;
    editor().requestSubmit();
  } else if (what === "discard") {
    discard();
    next();
  } else editor()?.querySelector("[data-save]")?.focus();
  next = null;
}

// What waited for the save; null where the save was asked for by itself.
export function saved() {
  const then = afterSave;
  afterSave = null;
  return then;
}

function askAtLinks(e) {
  const link = e.target.closest?.("a[href]");
  if (!link || !dirty() || e.ctrlKey || e.metaKey || e.shiftKey) return;
  if (link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#")) return;
  e.preventDefault();
  e.stopPropagation();
  leaving(() => {
    going = true;
    location.assign(link.href);
  });
}

// Requests that draw tasks or the page anew would take the open form with them; those that only show something do not.
function askAtRequests(e) {
  const { verb, elt } = e.detail;
  if (verb === "get" || elt === editor() || !dirty()) return;
  e.preventDefault();
  leaving(() => e.detail.issueRequest(true));
}

// ── somebody else changed the place meanwhile ─────────────────────────────
function showTheirs({ xhr, elt }) {
  const form = editor();
  if (xhr.status !== 409 || elt !== form || !xhr.getResponseHeader("Content-Type").startsWith("application/json")) return;
  const theirs = JSON.parse(xhr.responseText);
  form.elements.version.value = theirs.version;
  form.querySelectorAll(".clash").forEach((old) => old.remove());
  for (const el of [...form.elements]) if (el.name in theirs.fields && was(el) !== theirs.fields[el.name]) meet(el, theirs.fields[el.name]);
  form.querySelector(".clash button")?.focus();
}

const was = (el) => (el.tagName === "SELECT" ? ([...el.options].find((o) => o.defaultSelected)?.value ?? "") : el.defaultValue);

// Their value becomes what stood there; one's own stays typed over it until one of the two is chosen.
function meet(el, value) {
  const mine = el.value;
  const untouched = mine === was(el);
  if (el.tagName === "SELECT") {
    for (const option of el.options) option.defaultSelected = option.value === value;
    el.value = untouched ? value : mine;
  } else {
    el.defaultValue = value;
    el.value = untouched ? value : mine;
  }
  if (untouched || mine === value) return;
  const label = (v) => (el.tagName === "SELECT" ? ([...el.options].find((o) => o.value === v)?.text ?? v) : v) || "—";
  const row = document.createElement("div");
  row.className = "clash";
  const what = document.createElement("span");
  what.textContent = text("theirs").replace("{field}", el.getAttribute("aria-label") ?? el.labels?.[0]?.textContent ?? "").replace("{theirs}", label(value)).replace("{mine}", label(mine));
  row.append(what, choose(text("taketheirs"), () => (el.value = value), row, el), choose(text("takemine"), () => {}, row, el));
  (el.closest(".g, .words") ?? el).after(row);
}

function choose(words, act, row, el) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn sm";
  button.textContent = words;
  button.addEventListener("click", () => {
    act();
    row.remove();
    (editor().querySelector(".clash button") ?? editor().querySelector("[data-save]") ?? el).focus();
  });
  return button;
}

// ── the session ended ─────────────────────────────────────────────────────
// Log in beside this page, then send again: the answer is what the page waits for.
export function expired() {
  const dialog = document.getElementById("expired");
  if (!dialog) return false;
  if (!dialog.open) dialog.showModal();
  return true;
}

export async function again(dialog) {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  if (new URL(answer.url).pathname.startsWith("/login/")) return toast(text("notyet"), true);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.body.setAttribute("hx-headers", fresh.body.getAttribute("hx-headers"));
  dialog.close();
  if (dirty()) editor().requestSubmit(editor().querySelector("[data-save]"));
}
