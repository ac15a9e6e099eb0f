// Pointing at a field lights its words and the other way round; only the other pane scrolls.
(function () {
  "use strict";
  var all = function (s, r) { return Array.prototype.slice.call((r || document).querySelectorAll(s)); };
  var src = document.querySelector(".src"), led = document.querySelector(".led");
  var byFact = {};
  all("[data-f]").forEach(function (e) { e.dataset.f.split(" ").forEach(function (k) { (byFact[k] = byFact[k] || []).push(e); }); });
  var lit = [];
  function show(pane, e) {
    var p = pane.getBoundingClientRect(), r = e.getBoundingClientRect();
    if (getComputedStyle(pane).overflowY === "visible") return;
    if (r.top < p.top + 50 || r.bottom > p.bottom - 10) pane.scrollTop += r.top - p.top - p.height / 3;
  }
  function light(e) {
    lit.forEach(function (x) { x.classList.remove("on"); });
    lit = [];
    if (!e) return;
    var here = src.contains(e) ? src : led, other = here === src ? led : src, shown = false;
    e.dataset.f.split(" ").forEach(function (k) {
      byFact[k].forEach(function (x) {
        x.classList.add("on"); lit.push(x);
        if (!shown && other.contains(x)) { show(other, x); shown = true; }
      });
    });
  }
  ["mouseover", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, function (ev) {
      var e = ev.target.closest && ev.target.closest("[data-f]");
      if (e || kind === "focusin") light(e);
    });
  });
  // A click or Enter goes to the partner on the other side, so that a keyboard can cross over.
  document.addEventListener("click", function (ev) {
    var e = ev.target.closest && ev.target.closest("a[data-f]");
    if (!e) return;
    var goal = document.getElementById(e.getAttribute("href").slice(1));
    if (!goal) return;
    ev.preventDefault();
    goal.focus({ preventScroll: true });
    show(src.contains(goal) ? src : led, goal);
  });

  var tasks = all(".tk"), at = -1;
  // Tab passes through the fields of the task in hand only; j and k reach the others.
  all("a[data-f]").forEach(function (e) { e.tabIndex = -1; });
  function go(i) {
    while (i >= 0 && i < tasks.length && tasks[i].hidden) i += i > at ? 1 : -1;
    if (i < 0 || i >= tasks.length) return;
    if (at >= 0) mark(tasks[at], false);
    at = i; mark(tasks[at], true);
    tasks[at].focus({ preventScroll: true }); show(led, tasks[at]);
    var p = all('[data-k="' + tasks[at].id + '"]', src)[0];
    if (p) show(src, p);
  }
  function mark(task, on) {
    task.classList.toggle("cur", on);
    all('[data-k="' + task.id + '"]', src).forEach(function (p) { p.classList.toggle("cur", on); });
    all("a[data-f]", task).forEach(function (e) {
      e.tabIndex = on ? 0 : -1;
      var partner = document.getElementById(e.getAttribute("href").slice(1));
      if (partner) partner.tabIndex = on ? 0 : -1;
    });
  }
  tasks.forEach(function (task, i) {
    task.addEventListener("click", function () { if (i !== at) { if (at >= 0) mark(tasks[at], false); at = i; mark(task, true); } });
  });
  var asks = all(".ask a"), ask = -1;
  asks.forEach(function (e) { e.tabIndex = 0; });
  var find = document.querySelector(".tools input"), count = document.querySelector(".tools output");
  find.addEventListener("input", function () {
    var words = find.value.trim().toLowerCase().split(/\s+/), n = 0;
    tasks.forEach(function (t) {
      var text = t.textContent.toLowerCase();
      t.hidden = !words.every(function (w) { return text.indexOf(w) >= 0; });
      n += t.hidden ? 0 : 1;
    });
    all(".led section").forEach(function (s) { s.hidden = !s.querySelector(".tk:not([hidden])"); });
    count.textContent = n + " / " + tasks.length;
  });
  document.querySelector(".tools").hidden = false;
  document.addEventListener("keydown", function (ev) {
    if (ev.ctrlKey || ev.altKey || ev.metaKey) return;
    if (ev.target === find) { if (ev.key === "Escape") { find.value = ""; find.dispatchEvent(new Event("input")); find.blur(); } return; }
    if (ev.key === "j") go(at + 1);
    else if (ev.key === "k") go(at - 1);
    else if (ev.key === "d" && asks.length) { ask = (ask + 1) % asks.length; asks[ask].focus(); }
    else if (ev.key === "/") { ev.preventDefault(); find.focus(); }
    else if (ev.key === "Escape") light(null);
  });
  function head() { document.documentElement.style.setProperty("--head", document.querySelector(".top").offsetHeight + "px"); }
  addEventListener("resize", head); head();
})();
