// A long page in windows: those out of sight are boxes of a likely height, filled when they come near or when something
// in them is asked for, and emptied again when there are too many and they are far away.
import htmx from "htmx.org";
import { text, toast } from "./frame.js";

const KEPT = 12; // filled windows a side
const NEAR = "900px";
const coming = new Map(); // window → promise of its content
const observers = [];
let filled = () => {};

let page = null;

export function startWindows(given, whenFilled) {
  page = given;
  filled = whenFilled;
  watchWindows();
  for (const width of [1100, 720]) matchMedia(`(max-width: ${width}px)`).addEventListener("change", watchWindows);
}

// Looks for windows anew: pages of a document come after the page itself.
export function watchWindows() {
  for (const old of observers.splice(0)) old.disconnect();
  for (const pane of page.querySelectorAll(".src, .led")) {
    const all = pane.querySelectorAll(".win");
    if (![...all].some((win) => !isFilled(win))) continue;
    // Where the whole page scrolls and not the pane, the view is what counts.
    const root = getComputedStyle(pane).overflowY === "visible" ? null : pane;
    const observer = new IntersectionObserver((seen) => seen.forEach((e) => e.isIntersecting && !isFilled(e.target) && fill(e.target)), { root, rootMargin: `${NEAR} 0px` });
    all.forEach((win) => observer.observe(win));
    observers.push(observer);
  }
}

export const isFilled = (win) => "loaded" in win.dataset;
const stem = (key) => key.split(".")[0];

export function fill(win) {
  if (isFilled(win)) return Promise.resolve(win);
  if (!coming.has(win)) coming.set(win, ask(win).finally(() => coming.delete(win)));
  return coming.get(win);
}

async function ask(win) {
  let answer;
  try {
    answer = await fetch(win.dataset.src, { headers: { "HX-Request": "true" } });
  } catch {
    toast(text("offline"), true);
    return win;
  }
  if (answer.redirected) return location.reload(), win;
  if (!answer.ok) {
    const said = answer.headers.get("X-Sentence");
    toast(said ? decodeURIComponent(said) : text("failed"), true);
    return win;
  }
  win.innerHTML = await answer.text();
  win.dataset.loaded = "";
  win.style.height = "";
  htmx.process(win);
  filled(win);
  thin(win.closest(".src, .led"), win);
  return win;
}

// Windows of a side (an element) that show a field or task; those of a hidden side are not asked for.
export function windowsOf(side, key) {
  return [...side.querySelectorAll(`.win[data-has~="${CSS.escape(stem(key))}"]`)].filter((win) => win.offsetParent);
}

// Whether everything that shows this field on this side is there; also true where nothing shows it.
export const isHere = (side, key) => windowsOf(side, key).every(isFilled);

export function need(side, key) {
  return Promise.all(windowsOf(side, key).map(fill));
}

// The names of the windows of the right side that are there: the server sends nothing for the others.
export const here = (side) => [...side.querySelectorAll(".win[data-loaded]")].map((win) => win.dataset.win).join(" ");

function thin(side, fresh) {
  const there = [...side.querySelectorAll(".win[data-loaded]")].filter((win) => win.offsetParent);
  if (there.length <= KEPT) return;
  const view = side.scrollHeight > side.clientHeight + 1 ? side.getBoundingClientRect() : { top: 0, bottom: innerHeight };
  const away = (win) => {
    const box = win.getBoundingClientRect();
    return Math.max(view.top - box.bottom, box.top - view.bottom, 0);
  };
  const busy = (win) => win === fresh || win.querySelector(".cur, .open, .on") || win.contains(document.activeElement) || win.contains(getSelection().anchorNode);
  const far = there.filter((win) => !busy(win) && away(win) > 2000).sort((a, b) => away(b) - away(a));
  for (const win of far.slice(0, there.length - KEPT)) {
    win.style.height = `${win.offsetHeight}px`;
    win.replaceChildren();
    delete win.dataset.loaded;
  }
}
