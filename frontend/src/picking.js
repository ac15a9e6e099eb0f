// Words selected in the document: added to the current task, or made the place of the part whose box had the cursor last.
import { leaving } from "./unsaved.js";

let desk = null; // page, src, led, current, post, openEditor: the reading page's own
let menu = null;
let part = null; // what 改为这里 is about

export function startPicking(given) {
  desk = given;
  menu = document.getElementById("pick");
  if (!menu) return;
  desk.page.addEventListener("focusin", (e) => {
    if (e.target.closest(".ed")) part = e.target.closest("[data-part]")?.dataset.part ?? null;
  });
  desk.src.addEventListener("mouseup", () => setTimeout(() => showPick(false)));
  document.addEventListener("selectionchange", () => getSelection().isCollapsed && (menu.hidden = true));
  desk.src.addEventListener("scroll", () => (menu.hidden = true));
  menu.addEventListener("mousedown", (e) => e.preventDefault()); // keeps the selection
  menu.addEventListener("click", (e) => {
    const button = e.target.closest("[data-pick]");
    if (button) pick(button.dataset.pick);
  });
}

export function showPick(focus) {
  if (!menu || !pickedPlace() || !desk.current()) return;
  const own = part && desk.led.querySelector(`.tk.cur [data-part="${CSS.escape(part)}"]`);
  menu.querySelector("[data-pick=here]").hidden = !own;
  menu.hidden = false;
  const box = getSelection().getRangeAt(0).getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.min(box.bottom + 6, innerHeight - menu.offsetHeight - 8)}px`;
  if (focus) menu.querySelector("button").focus();
}

// Block and offsets of the selection, in code points as the server counts; null unless it lies within one line.
function pickedPlace() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const holderOf = (node) => (node.nodeType === 1 ? node : node.parentElement).closest("[data-at]");
  const holder = holderOf(range.startContainer);
  if (!holder || !desk.src.contains(holder) || holderOf(range.endContainer) !== holder) return null;
  const count = (r) => [...r.toString()].length + r.cloneContents().querySelectorAll("br").length;
  const before = document.createRange();
  before.setStart(holder, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const [block, first] = holder.dataset.at.split(":").map(Number);
  const start = first + count(before);
  return { block, start, end: start + count(range) };
}

function pick(what) {
  const place = pickedPlace();
  const task = desk.current();
  const key = what === "here" ? part : what;
  if (!place || !task) return;
  menu.hidden = true;
  getSelection().removeAllRanges();
  const name = task.dataset.t;
  leaving(() => {
    const sent = desk.post(desk.page.dataset.pickUrl.replace("KEY", name), { what: key, ...place }, `#t-${CSS.escape(name)}`);
    sent.then(() => setTimeout(() => desk.openEditor(document.getElementById(`t-${name}`), false)));
  });
}
