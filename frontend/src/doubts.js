// Doubts by kind: kinds open and close, the next doubt by key, and what stays closed after an answer drew them anew.
import { text, toast } from "./frame.js";

const chosen = new Map(); // kind → whether the person opened it
let desk = null; // led, showTask: the reading page's own

export function startDoubts(given) {
  desk = given;
  desk.led.addEventListener("click", (e) => {
    const button = e.target.closest(".dkt");
    if (button) open(button, button.getAttribute("aria-expanded") !== "true");
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const button of desk.led.querySelectorAll(".dkt")) if (chosen.has(button.dataset.kind)) open(button, chosen.get(button.dataset.kind));
  });
  document.body.addEventListener("htmx:afterRequest", (e) => {
    if (e.detail.successful && e.detail.elt.matches("form[data-closes]")) e.detail.elt.closest("dialog").close();
  });
}

function open(button, wanted) {
  chosen.set(button.dataset.kind, wanted);
  button.setAttribute("aria-expanded", wanted);
  document.getElementById(button.getAttribute("aria-controls")).hidden = !wanted;
}

// To the next doubt, or to the one of this task; a kind that is closed opens.
export function nextDoubt(of = null) {
  const list = [...desk.led.querySelectorAll(".doubts .db:not(.ok)[data-doubt], .doubts .dmore")];
  if (!list.length) return toast(text("nodoubts"));
  const at = list.findIndex((d) => d.contains(document.activeElement));
  const row = of ? list.find((d) => d.dataset.task === of) ?? list[0] : list[(at + 1) % list.length];
  const kind = row.closest(".dk");
  if (kind?.hidden) open(desk.led.querySelector(`[aria-controls="${CSS.escape(kind.id)}"]`), true);
  if (row.dataset.task) desk.showTask({ dataset: { t: row.dataset.task } }, false);
  desk.led.scrollTop = Math.max(0, row.offsetTop - 60);
  (row.matches("button") ? row : row.querySelector("button") ?? row).focus({ preventScroll: true });
}
