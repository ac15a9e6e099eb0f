// Ledger page: fold groups, walk rows by key, say how many are shown. Filtering itself is the server's (state in the URL).
import { isTyping, plainKey } from "./keys.js";

export function startLedger() {
  if (!document.body.classList.contains("ledger")) return;
  document.addEventListener("click", (e) => {
    const fold = e.target.closest(".tw2");
    if (!fold) return;
    const open = fold.getAttribute("aria-expanded") === "true";
    fold.setAttribute("aria-expanded", String(!open));
    for (const row of [...fold.closest("tbody").rows].slice(1)) row.hidden = open;
  });
  document.addEventListener("keydown", (e) => {
    if (isTyping(e)) return;
    const step = plainKey(e, "j") ? 1 : plainKey(e, "k") ? -1 : 0;
    if (step) walk(step);
  });
}

function walk(step) {
  const links = [...document.querySelectorAll(".lg .tt a")].filter((a) => !a.closest("tr").hidden);
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
}
