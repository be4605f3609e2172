// Filters live in the address, without the names that are not set. Views of one's own are
// addresses with names, kept by the browser.

import { board, kept } from "./dom.js";
import { go } from "./live.js";
import { say, toast } from "./toast.js";

/** The address without the card that lies open over the page. */
function bare() {
  const q = new URLSearchParams(location.search);
  q.delete("card");
  return location.pathname + "?" + q;
}

let shown = bare();

/** Starts listening. */
export function startFilters() {
  document.addEventListener("submit", submitted);
  document.addEventListener("change", changed);
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", escaped);
  document.addEventListener("parley:taken", views);
  document.addEventListener("parley:taken", () => (shown = bare()));
  if (board() || ofMain()) window.addEventListener("popstate", () => bare() !== shown && go(location.href, false));
  views();
}

const ofMain = () => document.querySelector("main form[data-submit]");

/** Closes a sheet of the bar, and leaves the focus at what opened it. */
function escaped(e) {
  const sheet = e.key === "Escape" && !e.defaultPrevented && e.target.closest?.("details.pop[open]");
  if (!sheet) return;
  e.preventDefault(); // what is around it stays open
  sheet.open = false;
  sheet.querySelector("summary").focus();
}

function submitted(e) {
  const form = e.target;
  if (form.id === "save-view") {
    e.preventDefault();
    save(form);
  }
  if (form.dataset.renames !== undefined) {
    e.preventDefault();
    renamed(form);
  }
  if (form.id === "filters") {
    e.preventDefault();
    follow(form);
  }
}

function changed(e) {
  const form = e.target.form;
  if (form?.id === "filters") follow(form);
  if (form && "submit" in form.dataset) follow(form);
}

let last = "";

/** Goes to the address of what is set, once. */
function follow(form) {
  const url = address(form);
  if (url === last || url === location.pathname + location.search) return;
  last = url;
  go(url).then(() => {
    last = "";
    const n = document.querySelectorAll(".board .card, .matrix .bit").length;
    say(n === 1 ? "1 card is shown" : n + " cards are shown");
  });
}

/** The address with what is set, and no empty names. */
function address(form) {
  const q = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (String(value).trim()) q.set(name, String(value).trim());
  q.sort();
  const query = q.toString();
  return location.pathname + (query ? "?" + query : "");
}

function clicked(e) {
  const link = e.target.closest?.("a[data-soft]");
  if (link && (board() || ofMain()) && e.button === 0 && !(e.metaKey || e.ctrlKey || e.shiftKey)) {
    e.preventDefault();
    go(link.href);
  }
  const button = e.target.closest?.("button");
  if (button?.id === "copy-link") copy();
  if (button?.dataset.rename !== undefined) rename(button.dataset.rename);
  if (button?.dataset.forget !== undefined) forget(button.dataset.forget);
  for (const open of document.querySelectorAll("details.pop[open]")) if (e.target.isConnected && !open.contains(e.target)) open.open = false;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(location.href);
    toast("The link to this view is copied.");
  } catch {
    toast("The browser does not let the link be copied; it is the address of this page.");
  }
}

/** One's own views: name → query. */
function saved() {
  try {
    const all = JSON.parse(kept.get("views") || "{}");
    return all && typeof all === "object" ? all : {};
  } catch {
    return {};
  }
}

function store(all) {
  if (!kept.set("views", JSON.stringify(all))) toast("The browser keeps nothing for this page, so the view is not saved.");
  views();
}

function save(form) {
  const name = form.elements.name.value.trim();
  if (!name) return;
  store({ ...saved(), [name]: location.search });
  form.reset();
  say("Saved as " + name);
}

/** Puts a field for the new name in the place of the old one. */
function rename(name) {
  const item = document.querySelector(`[data-rename="${CSS.escape(name)}"]`)?.closest("li");
  if (!item) return;
  const form = document.createElement("form");
  form.dataset.renames = name;
  const field = document.createElement("input");
  Object.assign(field, { type: "text", name: "name", value: name, maxLength: 40, required: true, autocomplete: "off" });
  field.setAttribute("aria-label", "A new name for " + name);
  const done = document.createElement("button");
  done.textContent = "Rename";
  form.append(field, done);
  form.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    e.stopPropagation(); // the sheet stays open
    views();
    focusOn(name);
  });
  item.replaceChildren(form);
  field.select();
  field.focus();
}

function renamed(form) {
  const name = form.dataset.renames;
  const next = form.elements.name.value.trim();
  const all = saved();
  if (next && next !== name) {
    all[next] = all[name];
    delete all[name];
  }
  store(all);
  focusOn(next || name);
}

/** Focuses a view by its name. */
const focusOn = (name) => document.querySelector(`#saved-list [data-soft="${CSS.escape("saved-" + name)}"]`)?.focus();

function forget(name) {
  const all = saved();
  delete all[name];
  store(all);
  document.querySelector("#saved summary")?.focus();
}

function views() {
  const list = document.getElementById("saved-list");
  if (!list) return;
  const all = Object.entries(saved()).sort(([a], [b]) => a.localeCompare(b));
  list.replaceChildren(...all.map(([name, query]) => line(name, String(query))));
  document.getElementById("saved-none").hidden = all.length > 0;
}

function line(name, query) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = "/" + (query.startsWith("?") ? query : "");
  link.dataset.soft = "saved-" + name;
  link.textContent = name;
  if (query === location.search) link.setAttribute("aria-current", "true");
  item.append(link, button("Rename", "rename", name), button("Delete", "forget", name));
  return item;
}

function button(text, what, name) {
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = text;
  b.setAttribute("aria-label", text + " " + name);
  b.dataset[what] = name;
  return b;
}
