// One bundle for all pages; each part starts only where its page is.
import "./luoshi.css";
import htmx from "htmx.org";
import { startFrame } from "./frame.js";
import { startUpload } from "./upload.js";
import { startReading } from "./reading.js";
import { startLedger } from "./ledger.js";
import { startReview } from "./review.js";
import { startCharts } from "./chart.js";
import { startUnit } from "./unit.js";

window.htmx = htmx;

function start() {
  startFrame();
  startUpload();
  startReading();
  startLedger();
  startUnit();
  startReview();
  startCharts();
}

// htmx's module build no longer starts by itself when the page was parsed before it arrived.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
