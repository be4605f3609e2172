// The board by keys: one card at a time can be reached with Tab, arrows do the rest.

import { board, cardByID, cardName, columnName, listOf } from "./dom.js";
import { openMenu, priorities, targets } from "./menu.js";
import { move, prioritize, settledCard } from "./moves.js";
import { say } from "./toast.js";

let lifted = ""; // id of the card lifted with Space
let goal = ""; // column it would drop into

const steps = { ArrowDown: [0, 1], j: [0, 1], ArrowUp: [0, -1], k: [0, -1], ArrowLeft: [-1, 0], h: [-1, 0], ArrowRight: [1, 0], l: [1, 0] };

/** Starts listening. */
export function startKeys() {
  document.addEventListener("keydown", key);
  document.addEventListener("focusin", (e) => {
    const card = e.target.closest?.(".board .card");
    if (card) choose(card);
    if (lifted && card?.dataset.id !== lifted) putDown();
  });
  roam();
}

/** Leaves one card in the Tab order; anew after the board was replaced. */
export function roam() {
  const cards = board()?.querySelectorAll(".card") ?? [];
  const chosen = document.activeElement?.closest?.(".board .card") ?? board()?.querySelector('.card[data-tab="in"]') ?? cards[0];
  for (const card of cards) reach(card, card === chosen);
}

function choose(card) {
  for (const other of board().querySelectorAll('.card[data-tab="in"]')) if (other !== card) reach(other, false);
  reach(card, true);
}

function reach(card, can) {
  const index = can ? 0 : -1;
  card.dataset.tab = can ? "in" : "out";
  card.tabIndex = index;
  for (const inner of card.querySelectorAll("a, button")) inner.tabIndex = index;
}

function key(e) {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  if (e.target.closest?.("input, select, textarea, [contenteditable]")) return;
  if (e.key === "/" && document.getElementById("search")) return done(e, () => document.getElementById("search").select());
  const card = e.target.closest?.(".board .card");
  if (!card && steps[e.key] && e.target === document.body && board()) return done(e, () => board().querySelector('.card[data-tab="in"]')?.focus());
  if (!card) return;
  if (lifted === card.dataset.id) return whileLifted(e, card);
  if (steps[e.key]) return done(e, () => step(card, ...steps[e.key]));
  if (e.target !== card) return; // keys of its link and button are theirs
  if (e.key === "Enter" || e.key === "m") return done(e, () => openMenu(card, true));
  if (e.key === " ") return done(e, () => lift(card));
  if (e.key === "[" || e.key === "]") return done(e, () => another(card, e.key === "[" ? -1 : 1));
}

function done(e, work) {
  e.preventDefault();
  work();
}

/** Columns with a place on the screen: on a phone only the picked one. */
const columns = () => Array.from(board().querySelectorAll(".column")).filter((c) => c.offsetParent);

function step(card, across, down) {
  const cards = Array.from(card.parentElement.children);
  const row = cards.indexOf(card);
  if (down) return cards[row + down]?.focus();
  const all = columns();
  for (let i = all.indexOf(card.closest(".column")) + across; i >= 0 && i < all.length; i += across) {
    const there = listOf(all[i])?.children ?? [];
    if (there.length) return there[Math.min(row, there.length - 1)].focus();
  }
}

function lift(card) {
  if (!settledCard(card)) return say(cardName(card) + " is still being saved");
  lifted = card.dataset.id;
  goal = card.dataset.column;
  card.classList.add("lifted");
  say("Lifted " + cardName(card) + ". Left and right choose a column, Space drops, Escape puts it back.");
}

function whileLifted(e, card) {
  const across = steps[e.key]?.[0];
  if (across) return done(e, () => aim(across));
  if (e.key === "Escape" || e.key === "Tab") return putDown();
  if (e.key !== " " && e.key !== "Enter") return;
  done(e, () => {
    const to = goal;
    putDown();
    move(card, to);
  });
}

function aim(across) {
  const possible = columns().map((c) => c.dataset.column).filter((k) => targets().includes(k) || k === goal);
  const next = possible[possible.indexOf(goal) + across];
  if (!next) return;
  goal = next;
  light();
  say("To " + columnName(goal));
}

function light() {
  for (const column of board().querySelectorAll(".column")) {
    const on = Boolean(lifted) && column.dataset.column === goal;
    column.classList.toggle("target", on);
    if (on) column.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function putDown() {
  cardByID(lifted)?.classList.remove("lifted");
  lifted = goal = "";
  light();
}

function another(card, by) {
  const all = priorities();
  const at = all.findIndex(([k]) => k === card.dataset.priority);
  const next = all[at < 0 ? (by < 0 ? all.length - 1 : 0) : at - by];
  if (next) prioritize(card, ...next);
}
