// Heads of columns: counts, places, what "Show more" hides, and the picker on phones.

import { board, columnByKey, filtered, number } from "./dom.js";

const digits = /\d+/;

/** Sets a column's count until the server's own words about it come. */
export function setCount(key, n) {
  const column = columnByKey(key);
  const count = column?.querySelector("[data-count]");
  if (!count) return;
  const limit = number(count.dataset.limit);
  const shown = count.querySelector("b");
  if (shown) shown.textContent = String(Math.max(0, n));
  for (const part of [count, column]) {
    part.classList.toggle("over", limit > 0 && n > limit);
    part.classList.toggle("full", limit > 0 && n === limit);
  }
  around(column, key, n);
}

/** Takes over what the server says about a column. */
export function setHead(key, html, n) {
  const column = columnByKey(key);
  const facts = column?.querySelector("[data-facts]");
  if (!facts) return;
  facts.innerHTML = html; // ours: every text in it was escaped there
  const count = facts.querySelector("[data-count]");
  if (count) for (const name of ["over", "full"]) column.classList.toggle(name, Boolean(count?.classList.contains(name)));
  around(column, key, n);
}

/** Takes over what the server says about the limits of lanes and rows. */
export function setLimits(limits) {
  for (const place of document.querySelectorAll("[data-limit-of]")) {
    const html = limits?.[place.dataset.limitOf];
    if (html && place.innerHTML !== html) place.innerHTML = html; // ours: every text in it was escaped there
  }
}

function around(column, key, n) {
  drawMore(column, n);
  column.querySelector(".empty")?.toggleAttribute("hidden", n > 0);
  drawOption(key, n);
}

/** Adds to a column's count. */
export function addCount(key, by) {
  const shown = columnByKey(key)?.querySelector("[data-count] b");
  if (shown) setCount(key, number(shown.textContent) + by);
}

/** What says that a column has more cards than it shows; those that ended earlier are not of its count. */
export const rest = '.more[data-soft^="more-"], .more-words';

function drawMore(column, n) {
  const more = column.querySelector(rest);
  const hidden = n - column.querySelectorAll(".card").length;
  if (!more || !digits.test(more.textContent)) return;
  if (hidden > 0) more.textContent = more.textContent.replace(digits, String(hidden));
  else more.remove();
}

function drawOption(key, n) {
  const picker = document.getElementById("column-picker");
  const option = picker && Array.from(picker.options).find((o) => o.value === key);
  if (option) option.textContent = option.textContent.replace(/\d+(?=(\/\d+)?\)?\s*$)/, String(n));
}

/** Makes the picker choose which column a phone shows. */
export function startPicker() {
  if (!board()) return;
  const wanted = decodeURIComponent(location.hash.replace("#col-", ""));
  const picker = document.getElementById("column-picker");
  if (picker && wanted && columnByKey(wanted)) picker.value = wanted;
  else if (picker) picker.value = fullest() ?? picker.value;
  document.addEventListener("change", (e) => {
    if (e.target.id !== "column-picker") return;
    history.replaceState(history.state, "", "#col-" + encodeURIComponent(e.target.value));
    pick();
  });
  pick();
}

/** The first column with cards on the page, where the filters leave the first of all without. */
const fullest = () => (filtered() ? board().querySelector(".column:has(.card)")?.dataset.column : undefined);

/** Marks the picked column; anew after the board was replaced. */
export function pick() {
  const picker = document.getElementById("column-picker");
  if (!picker || !board()) return;
  board().dataset.picked = picker.value;
  for (const column of board().querySelectorAll(".column")) column.toggleAttribute("data-current", column.dataset.column === picker.value);
}
