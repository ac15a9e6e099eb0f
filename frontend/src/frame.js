// What every page does: theme, menus, toasts, dialogs, help, previous and next by key.
import { isTyping, plainKey } from "./keys.js";
import { again, dirty, expired } from "./unsaved.js";

export function startFrame() {
  startTheme();
  startMenus();
  startDialogs();
  startKeys();
  setTimeout(() => document.querySelectorAll("#toasts .toast:not(.bad)").forEach((t) => t.remove()), 6000);
  document.body.addEventListener("htmx:responseError", (e) => {
    const { xhr } = e.detail;
    const said = xhr.getResponseHeader("X-Sentence");
    toast(said ? decodeURIComponent(said) : text("failed"), true);
    // A form shows their values beside one's own; where there is no form, the page as it is now is one click away.
    if (xhr.status === 409 && !xhr.getResponseHeader("Content-Type").startsWith("application/json")) offerReload();
  });
  // The session ended meanwhile: the answer is the log-in page, which must not land inside this one.
  document.body.addEventListener("htmx:beforeSwap", (e) => {
    if (!e.detail.xhr.responseURL.includes("/login/")) return;
    e.detail.shouldSwap = false;
    const nothingLost = e.detail.requestConfig?.verb === "get" && !dirty();
    if (nothingLost || !expired()) location.reload();
  });
  document.body.addEventListener("htmx:sendError", () => toast(text("offline"), true));
  document.body.addEventListener("say", (e) => toast(e.detail.value ?? e.detail.text));
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-print]")) window.print();
    if (e.target.closest("[data-again]")) again(e.target.closest("dialog"));
  });
  document.addEventListener("change", (e) => {
    const form = e.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
  });
}

// Sentences come translated with the page.
export function text(key) {
  const all = document.getElementById("js-text");
  return all ? (JSON.parse(all.textContent)[key] ?? key) : key;
}

export function toast(sentence, bad = false) {
  const box = document.getElementById("toasts");
  if (!box || !sentence) return;
  const item = document.createElement("div");
  item.className = bad ? "toast bad" : "toast";
  item.setAttribute("role", bad ? "alert" : "status");
  item.append(icon(bad ? "i-warn" : "i-check"), sentence);
  box.replaceChildren(item);
  setTimeout(() => item.remove(), bad ? 9000 : 4000);
}

function offerReload() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn sm";
  button.textContent = text("refresh");
  button.addEventListener("click", () => location.reload());
  document.querySelector("#toasts .toast")?.append(button);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

function startTheme() {
  document.addEventListener("click", (e) => {
    const choice = e.target.closest("[data-theme-choice]");
    if (!choice) return;
    e.preventDefault();
    const theme = choice.dataset.themeChoice;
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.querySelectorAll("[data-theme-choice]").forEach((b) => b.setAttribute("aria-pressed", b === choice));
  });
}

function startMenus() {
  const openMenus = () => document.querySelectorAll("details.pop[open]");
  document.addEventListener("click", (e) => openMenus().forEach((d) => {
    const chosen = e.target.closest(".pop > div a, .pop > div button:not([data-theme-choice])");
    if (!d.contains(e.target) || chosen) d.removeAttribute("open");
  }));
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    openMenus().forEach((d) => {
      d.removeAttribute("open");
      d.querySelector("summary").focus();
    });
  });
}

function startDialogs() {
  document.addEventListener("click", (e) => {
    const opener = e.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    if (e.target.closest("[data-close]")) e.target.closest("dialog")?.close();
  });
}

function startKeys() {
  document.addEventListener("keydown", (e) => {
    if (isTyping(e) || document.querySelector("dialog[open]")) return;
    if (plainKey(e, "?")) document.getElementById("help")?.showModal();
    if (plainKey(e, "/")) {
      const box = document.querySelector("input[type=search]");
      if (box) {
        e.preventDefault();
        box.focus();
        box.select();
      }
    }
    const rel = plainKey(e, "j") ? "next" : plainKey(e, "k") ? "prev" : null;
    if (rel) document.querySelector(`a[rel=${rel}]`)?.click();
  });
}
