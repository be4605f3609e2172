// Heads of columns: counts, places, what "Show more" hides, and the picker on phones.

import { board, columnByKey, number } from "./dom.js";

const digits = /\d+/;

/** Sets a column's count, and everything its head draws from it. */
export function setCount(key, n) {
  const column = columnByKey(key);
  const count = column?.querySelector("[data-count]");
  if (!count) return;
  const limit = number(count.dataset.limit ?? count.textContent.split("/")[1]);
  count.textContent = count.textContent.replace(digits, String(Math.max(0, n)));
  for (const part of [count, column]) {
    part.classList.toggle("over", limit > 0 && n > limit);
    part.classList.toggle("full", limit > 0 && n === limit);
  }
  drawFacts(column, n, limit);
  drawPlaces(column, n, limit);
  drawMore(column, n);
  column.querySelector(".empty")?.toggleAttribute("hidden", n > 0);
  drawOption(key, n);
}

/** Adds to a column's count. */
export function addCount(key, by) {
  const count = columnByKey(key)?.querySelector("[data-count]");
  if (count) setCount(key, number(count.textContent.match(digits)?.[0]) + by);
}

function drawFacts(column, n, limit) {
  const facts = column.querySelector(".facts");
  if (!facts) return;
  const rest = facts.textContent.split("·").map((part) => part.trim()).filter((part) => part && !/^(\d+ over|full)$/i.test(part));
  if (limit > 0 && n > limit) rest.unshift(n - limit + " over");
  if (limit > 0 && n === limit) rest.unshift("full");
  facts.textContent = rest.join(" · ");
}

function drawPlaces(column, n, limit) {
  const places = column.querySelector(".places");
  if (!places || limit <= 0) return;
  const unplanned = Math.min(n, places.querySelectorAll(".unplanned").length);
  const wanted = Math.min(Math.max(n, limit), Math.max(limit, 60));
  const all = Array.from({ length: wanted }, (_, i) => {
    const place = document.createElement("i");
    const planned = i < n - unplanned;
    place.className = "place " + (i >= limit ? "beyond" : i >= n ? "empty" : planned ? "filled" : "unplanned");
    return place;
  });
  places.replaceChildren(...all);
}

function drawMore(column, n) {
  const more = column.querySelector(".more");
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
  const picker = document.getElementById("column-picker");
  if (!picker) return;
  const wanted = decodeURIComponent(location.hash.replace("#col-", ""));
  if (wanted && columnByKey(wanted)) picker.value = wanted;
  picker.addEventListener("change", () => {
    history.replaceState(null, "", "#col-" + encodeURIComponent(picker.value));
    pick();
  });
  pick();
}

/** Marks the picked column; anew after the board was replaced. */
export function pick() {
  const picker = document.getElementById("column-picker");
  if (!picker || !board()) return;
  board().dataset.picked = picker.value;
  for (const column of board().querySelectorAll(".column")) column.toggleAttribute("data-current", column.dataset.column === picker.value);
}
