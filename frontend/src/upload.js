// Drop several files: each goes up by itself, shows its progress and ends with one sentence from the server.
import { icon, text } from "./frame.js";

export function startUpload() {
  const form = document.getElementById("upload");
  if (!form) return;
  const box = form.querySelector(".drop");
  const input = form.querySelector("input[type=file]");
  form.querySelector("[type=submit]").hidden = true; // sending starts by itself
  for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, (e) => (e.preventDefault(), box.classList.add("over")));
  for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("over"));
  box.addEventListener("drop", (e) => {
    e.preventDefault();
    queue(form, [...e.dataTransfer.files]);
  });
  input.addEventListener("change", () => {
    queue(form, [...input.files]);
    input.value = "";
  });
}

// One after another: reading is work for the server, and a small machine has one core.
let last = Promise.resolve();
function queue(form, files) {
  for (const file of files) {
    const row = rowFor(file);
    document.getElementById("files").append(row);
    last = last.then(() => send(form, file, row));
  }
}

function rowFor(file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const say = document.createElement("span");
  say.className = "say";
  say.textContent = text("waiting");
  row.append(icon("i-file"), name, bar, say);
  return row;
}

function send(form, file, row) {
  return new Promise((done) => {
    const data = new FormData(form);
    data.delete("files");
    data.append("files", file, file.name);
    const call = new XMLHttpRequest();
    call.open("POST", form.action);
    call.setRequestHeader("HX-Request", "true");
    const bar = row.querySelector("progress");
    const say = row.querySelector(".say");
    call.upload.onprogress = (e) => {
      if (!e.lengthComputable) return;
      bar.value = e.loaded / e.total;
      say.textContent = text(e.loaded < e.total ? "sending" : "reading");
    };
    call.upload.onload = () => {
      bar.removeAttribute("value");
      say.textContent = text("reading");
    };
    call.onload = () => {
      const page = new DOMParser().parseFromString(call.responseText, "text/html");
      const result = page.querySelector("li[data-file]");
      if (result) replace(row, document.importNode(result, true));
      else fail(row, call.status === 413 ? text("toolarge") : text("failed"));
      done();
    };
    call.onerror = () => (fail(row, text("offline")), done());
    call.send(data);
  });
}

// A scan's row asks every two seconds how far it is.
function replace(row, result) {
  row.replaceWith(result);
  window.htmx.process(result);
}

function fail(row, sentence) {
  row.classList.add("bad");
  row.querySelector("progress")?.remove();
  const say = row.querySelector(".say");
  say.textContent = sentence;
  say.setAttribute("role", "alert");
}
