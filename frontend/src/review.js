// Review and set-up pages: a letter presses the button that carries it; a fold opens and takes the cursor.
import { isTyping, plainKey } from "./keys.js";

export function startReview() {
  document.addEventListener("keydown", (e) => {
    if (isTyping(e) || document.querySelector("dialog[open]")) return;
    for (const button of document.querySelectorAll("[data-key]")) {
      if (plainKey(e, button.dataset.key)) {
        e.preventDefault();
        button.click();
        return;
      }
    }
    const fold = document.querySelector("body.review details.fold");
    if (fold && plainKey(e, "v")) {
      e.preventDefault();
      fold.open = true;
      fold.querySelector("select, input:not([type=hidden])").focus();
    }
  });
  document.querySelector("body.review .list [aria-current]")?.scrollIntoView({ block: "nearest" });
  document.addEventListener("change", (e) => {
    const all = e.target.closest("[data-tick-all]");
    if (all) document.querySelectorAll("[data-tick]").forEach((box) => (box.checked = all.checked));
  });
}
