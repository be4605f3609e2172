// The board by keys: one card at a time can be reached with Tab, arrows do the rest.

import { board, cardByID, cardName, cardsOf, columnName, kept } from "./dom.js";
import { openMenu, priorities, targets, toggleBlock } from "./menu.js";
import { move, prioritize, settledCard } from "./moves.js";
import { alertOf, say } from "./toast.js";

let lifted = ""; // id of the card lifted with Space
let goal = ""; // column it would drop into
let ended = () => {}; // called when it was dropped or put back

/** The id of the card lifted with Space, or "". */
export const liftedID = () => lifted;

const steps = { ArrowDown: [0, 1], j: [0, 1], ArrowUp: [0, -1], k: [0, -1], ArrowLeft: [-1, 0], h: [-1, 0], ArrowRight: [1, 0], l: [1, 0] };

/** Starts listening; after() is called when a lifted card is no longer. */
export function startKeys(after) {
  ended = after;
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

/** Takes a card that came or was drawn anew into the Tab order of the board, or keeps it out. */
export function admit(card) {
  const chosen = board()?.querySelector('.card[data-tab="in"]');
  if (card && card !== chosen) reach(card, !chosen || card.contains(document.activeElement));
  else if (!chosen) roam();
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

const single = () => kept.get("keys") !== "off";

function key(e) {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  if (e.target.closest?.("input, select, textarea, [contenteditable]")) return;
  if (e.key.length === 1 && e.key !== " " && !single()) return;
  if (anywhere(e)) return;
  const card = e.target.closest?.(".board .card");
  if (!card && steps[e.key] && [document.body, document.getElementById("main")].includes(e.target) && board()) {
    return done(e, () => board().querySelector('.card[data-tab="in"]')?.focus());
  }
  if (!card) return;
  if (lifted === card.dataset.id) return whileLifted(e, card);
  if (steps[e.key]) return done(e, () => step(card, ...steps[e.key]));
  if (e.target === card) onCard(e, card); // keys of its link and button are theirs
}

let leader = 0; // when g was pressed

/** Keys that mean the same wherever the focus is. */
function anywhere(e) {
  const page = leader && performance.now() - leader < 1500 && document.querySelector(`nav.pages a[data-key="${CSS.escape(e.key)}"]`);
  leader = e.key === "g" ? performance.now() : 0;
  if (page) return done(e, () => page.click()), true;
  if (e.key === "/" && document.getElementById("search")) return done(e, search), true;
  if (e.key === "?") return done(e, openHelp), true;
  if (e.key === "z") return done(e, undo), true;
  return e.key === "g";
}

/** Takes back the newest change that can be taken back still. */
function undo() {
  Array.from(document.querySelectorAll("#toasts .undo")).at(-1)?.click();
}

function search() {
  const field = document.getElementById("search");
  if (!field.offsetParent) document.getElementById("filters").showPopover?.();
  field.select();
  field.focus();
}

function onCard(e, card) {
  switch (e.key) {
    case "Enter":
      return done(e, () => card.querySelector(".key")?.click());
    case "m":
      return done(e, () => openMenu(card, true));
    case "b":
      return done(e, () => toggleBlock(card));
    case " ":
      return done(e, () => lift(card));
    case "[":
    case "]":
      return done(e, () => another(card, e.key === "[" ? -1 : 1));
  }
}

function openHelp() {
  document.getElementById("help")?.showModal();
}

/** Makes the help and the switch of single keys work. */
export function startHelp() {
  document.getElementById("help-open")?.addEventListener("click", openHelp);
  const box = document.getElementById("single-keys");
  if (!box) return;
  box.checked = single();
  box.addEventListener("change", () => kept.set("keys", box.checked ? "on" : "off"));
}

function done(e, work) {
  e.preventDefault();
  work();
}

/** Columns with a place on the screen: on a phone only the picked one. */
const columns = () => Array.from(board().querySelectorAll(".column")).filter((c) => c.offsetParent);

function step(card, across, down) {
  const all = columns();
  const here = card.closest(".column");
  const cards = cardsOf(here);
  const row = cards.indexOf(card);
  if (down) return cards[row + down]?.focus();
  for (let i = all.indexOf(here) + across; i >= 0 && i < all.length; i += across) {
    const there = beside(card, row, all[i]);
    if (there) return there.focus();
  }
}

/** The card of another column that stands beside one: in the same lane where there is one, else as far down. */
function beside(card, row, column) {
  const lane = card.parentElement.dataset.lane;
  const cards = cardsOf(column);
  if (lane === undefined) return cards[Math.min(row, cards.length - 1)];
  const same = cards.filter((c) => c.parentElement.dataset.lane === lane);
  const at = Array.from(card.parentElement.children).indexOf(card);
  return same[Math.min(at, same.length - 1)];
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
    move(cardByID(card.dataset.id) ?? card, to); // what waited may have drawn it anew
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

/** Puts the lifted card back, and tells why if it was not the person who did so. */
export function putDown(why = "") {
  const card = cardByID(lifted);
  if (!lifted) return;
  card?.classList.remove("lifted");
  lifted = goal = "";
  light();
  if (why) alertOf((card ? cardName(card) : "The card") + " " + why);
  ended();
}

function another(card, by) {
  const all = priorities();
  const at = all.findIndex(([k]) => k === card.dataset.priority);
  const next = all[at < 0 ? (by < 0 ? all.length - 1 : 0) : at - by];
  if (next) prioritize(card, ...next);
}
