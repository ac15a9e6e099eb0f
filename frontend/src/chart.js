// Charts: drawn from the options the page brings, in the colours of the theme; the table beside each says the same.
const drawn = new Map();

export async function startCharts() {
  const boxes = [...document.querySelectorAll("[data-chart]")].filter((box) => !drawn.has(box));
  if (!boxes.length) return;
  let library;
  try {
    library = await import(/* @vite-ignore */ boxes[0].dataset.library);
  } catch {
    // Without the library the tables stand open: nothing is shown in the chart alone.
    boxes.forEach((box) => box.closest("figure").querySelector("details")?.setAttribute("open", ""));
    return;
  }
  const redraw = () => drawn.forEach((chart, box) => paint(library, box, chart));
  boxes.forEach((box) => paint(library, box));
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new ResizeObserver(() => drawn.forEach((chart) => chart.resize())).observe(document.getElementById("main"));
  addEventListener("beforeprint", () => drawn.forEach((chart) => chart.resize({ width: 620 })));
  addEventListener("afterprint", () => drawn.forEach((chart) => chart.resize({ width: "auto" })));
}

function paint(library, box, old) {
  old?.dispose();
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  drawn.set(box, library.draw(box, themed(data, getComputedStyle(document.documentElement))));
  box.dataset.drawn = "";
}

// "--accent" stands for the theme's colour of that name.
function themed(value, style) {
  if (typeof value === "string") return value.startsWith("--") ? style.getPropertyValue(value).trim() : value;
  if (Array.isArray(value)) return value.map((each) => themed(each, style));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, themed(each, style)]));
}
