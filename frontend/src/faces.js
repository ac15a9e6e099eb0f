// The faces of the page: the document as it looks or as its text, and on narrow screens document or ledger.
import htmx from "htmx.org";
import { watchWindows } from "./windows.js";

const REMEMBERED = "luoshi.face";
let desk = null; // page, src, led, current, showTask: the reading page's own
let asked = false;

export function startFaces(given) {
  desk = given;
  desk.page.addEventListener("click", (e) => {
    const face = e.target.closest("[data-face]");
    if (face) showFace(face.dataset.face, true);
    const zoom = e.target.closest("[data-zoom]");
    if (zoom) {
      const big = document.getElementById("pages").classList.toggle("big");
      zoom.setAttribute("aria-pressed", big);
      desk.showTask(desk.current(), true);
    }
    const side = e.target.closest("button[data-side]");
    if (side) {
      showSide(side.dataset.side);
      if (side.dataset.side === "src") desk.showTask(desk.current(), true);
    }
  });
  const pages = document.getElementById("pages");
  if (pages) showFace(remembered() ?? pages.dataset.default, false);
}

export const visible = (all) => [...all].find((el) => el.offsetParent);

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // a browser that keeps nothing
  }
}

async function showFace(face, chosen) {
  const pages = document.getElementById("pages");
  const asPages = face === "pages";
  pages.hidden = !asPages;
  desk.src.querySelector(".sheet").hidden = asPages;
  desk.page.querySelector("[data-zoom]").hidden = !asPages;
  for (const button of desk.page.querySelectorAll("[data-face]")) button.setAttribute("aria-pressed", button.dataset.face === face);
  if (chosen) {
    try {
      localStorage.setItem(REMEMBERED, face);
    } catch {
      // not remembered, still shown
    }
  }
  if (asPages && !asked) {
    asked = true;
    await htmx.ajax("GET", pages.dataset.src, { target: pages, swap: "innerHTML" });
    watchWindows();
  }
  desk.showTask(desk.current(), true);
}

// On a narrow screen one side is seen at a time.
export function showSide(side) {
  const two = desk.page.querySelector(".two");
  if (two.dataset.side === side) return;
  two.dataset.side = side;
  for (const button of desk.page.querySelectorAll("button[data-side]")) button.setAttribute("aria-pressed", button.dataset.side === side);
}
