// Where cards stand on the page, and which picture of a card is the newest.

import { addCount, rest } from "./columns.js";
import { cardByID, columnByKey, element, filtered, flash, listOf, number } from "./dom.js";

const gone = new Map(); // id → data sequence at which the card ceased to be one

/** Puts a card last in a column: cards stand by their time in it. */
export function putLast(card, key) {
  const list = listOf(columnByKey(key), card.parentElement?.dataset.lane);
  if (!list) return false;
  put(card, list, null);
  return true;
}

/** Remembers where a card stands, to put it back there. */
export function spotOf(card) {
  const next = card.nextElementSibling;
  return { list: card.parentElement, key: card.dataset.column, next };
}

/** Puts a card back where it stood, or last in that column where neighbours left. */
export function putBack(card, spot) {
  const list = spot.list?.isConnected ? spot.list : listOf(columnByKey(spot.key));
  if (!list) return;
  const next = spot.next?.parentElement === list ? spot.next : null;
  put(card, list, next);
}

/** Puts a card before another of a list, or last; focus stays in it. */
function put(card, list, next) {
  if (list.moveBefore && card.isConnected) return list.moveBefore(card, next);
  const had = document.activeElement;
  list.insertBefore(card, next);
  if (had && card.contains(had)) had.focus({ preventScroll: true });
}

/** Brings a card into view with the next picture: to ask where it is before would lay the page out twice. */
export function reveal(card) {
  requestAnimationFrame(() => card.isConnected && card.scrollIntoView({ block: "nearest", inline: "nearest" }));
}

/**
 * Shows the server's picture of a card, unless a newer one is shown.
 * Tells "shown", "old" (a newer picture is there), or "absent" (it has no place on this page).
 */
export function show(picture, counts = true) {
  const { id, seq, column, html } = picture;
  const before = cardByID(id);
  if (before && number(before.dataset.seq) > seq) return "old";
  if ((gone.get(id) ?? -1) >= seq) return "old";
  const card = element(html);
  const target = columnByKey(column);
  if (!card || !target) return "absent";
  if (!before && (filtered() || target.querySelector(rest))) return "absent";
  if (!before) {
    listOf(target).append(card);
    if (counts) addCount(column, 1);
    return "shown";
  }
  replace(before, card, target, counts);
  return "shown";
}

function replace(before, card, target, counts) {
  const here = before.closest(".column");
  const had = document.activeElement;
  const focus = had && before.contains(had) ? (had === before ? "self" : had.classList[0] || "self") : "";
  card.tabIndex = before.tabIndex;
  if (here === target) before.replaceWith(card);
  else {
    before.remove();
    listOf(target).append(card);
    if (counts && here) addCount(here.dataset.column, -1);
    if (counts) addCount(target.dataset.column, 1);
  }
  if (focus) ((focus !== "self" && card.querySelector("." + CSS.escape(focus))) || card).focus({ preventScroll: here === target });
  if (here !== target || before.classList.contains("pending") !== card.classList.contains("pending")) flash(card, "settled");
}

/** Takes a card from the page that is no card of its own any more. */
export function remove(id, seq) {
  gone.set(id, Math.max(seq, gone.get(id) ?? -1));
  const card = cardByID(id);
  if (!card || number(card.dataset.seq) > seq) return;
  const key = card.closest(".column")?.dataset.column;
  const next = card.nextElementSibling ?? card.previousElementSibling;
  const focus = card.contains(document.activeElement);
  card.remove();
  if (key) addCount(key, -1);
  if (focus) next?.focus();
}
