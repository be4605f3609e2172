// Cards moved by hand: mouse from the first few pixels, touch after a long press.

import { board, cardName, columnByKey, columnName } from "./dom.js";
import { move, settledCard } from "./moves.js";
import { alertOf, say } from "./toast.js";
import { waysOf } from "./ways.js";

const threshold = 5; // px a mouse moves before it is a drag
const press = 250; // ms a finger rests before it lifts a card
const slack = 9; // px a resting finger may wander
const edge = 48; // px at an edge in which the board scrolls on its own

let held = null; // the drag under way: {card, id, x, y, dx, dy, ghost, target, timer, lifted}
let ended = () => {};

/** Whether a card is in somebody's hand. */
export const dragging = () => Boolean(held?.lifted);

/** The id of the card in hand, or "". */
export const heldID = () => (dragging() ? held.card.dataset.id : "");

/** Starts listening; after is called whenever a drag is over. */
export function startDrag(targets, after) {
  if (!board()) return;
  ended = after;
  document.addEventListener("pointerdown", (e) => down(e, targets));
  document.addEventListener("pointermove", over);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", () => cancelDrag());
  document.addEventListener("keydown", escape, true);
  document.addEventListener("dragstart", (e) => e.target.closest?.(".card") && e.preventDefault());
  document.addEventListener("touchmove", (e) => dragging() && e.cancelable && e.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (e) => held?.touch && e.preventDefault());
  window.addEventListener("blur", () => cancelDrag());
}

function down(e, targets) {
  const card = e.target.closest?.(".board .card");
  if (!card || held || e.button !== 0 || !e.isPrimary || e.target.closest("button")) return;
  if (!settledCard(card)) return;
  const box = card.getBoundingClientRect();
  held = { card, pointer: e.pointerId, x: e.clientX, y: e.clientY, dx: e.clientX - box.left, dy: e.clientY - box.top, touch: e.pointerType !== "mouse", targets: new Set(targets()) };
  if (held.touch) held.timer = setTimeout(lift, press);
}

function over(e) {
  if (!held || e.pointerId !== held.pointer) return;
  const far = Math.hypot(e.clientX - held.x, e.clientY - held.y);
  if (!held.lifted) {
    if (held.touch && far > slack) return forget(); // they scroll
    if (held.touch || far < threshold) return;
    if (!held.card.isConnected) return forget();
    lift();
  }
  held.nowX = e.clientX;
  held.nowY = e.clientY;
  follow();
}

function lift() {
  if (!held?.card.isConnected || !settledCard(held.card)) return forget();
  const box = held.card.getBoundingClientRect();
  const ghost = held.card.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.removeAttribute("tabindex");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("ghost");
  ghost.style.width = box.width + "px";
  document.body.append(ghost);
  Object.assign(held, { lifted: true, ghost, nowX: held.nowX ?? held.x, nowY: held.nowY ?? held.y });
  held.card.classList.add("lifted");
  if (!held.touch) grip(held.card, held.pointer);
  board().classList.add("dragging");
  for (const column of board().querySelectorAll(".column")) column.classList.toggle("no-target", !held.targets.has(column.dataset.column));
  window.getSelection()?.removeAllRanges();
  if (held.touch) navigator.vibrate?.(10);
  say("Holding " + cardName(held.card));
  const { card } = held;
  waysOf(card.dataset.id).then((ways) => ways && held?.card === card && close(ways));
  follow();
  requestAnimationFrame(scroll);
}

/** Keeps the pointer with a card, so that it looks the same wherever it is moved to. */
function grip(card, pointer) {
  try {
    card.setPointerCapture(pointer);
  } catch {
    // it was let go this very moment
  }
}

/** Closes the columns that the card cannot go to, and says why. */
function close(ways) {
  for (const [key, reason] of ways) {
    const column = columnByKey(key);
    if (!column || key === held.card.dataset.column) continue;
    held.targets.delete(key);
    column.classList.add("no-target", "told");
    const why = document.createElement("p");
    why.className = "why";
    why.textContent = reason;
    column.querySelector(".col-head")?.after(why);
  }
  if (held.nowX !== undefined) follow();
}

/** Moves the ghost, and lights up the column under it. */
function follow() {
  held.ghost.style.transform = `translate(${held.nowX - held.dx}px, ${held.nowY - held.dy}px)`;
  const column = columnAt(held.nowX, held.nowY);
  const target = column && held.targets.has(column.dataset.column) && column.dataset.column !== held.card.dataset.column ? column : null;
  if (target === held.target) return;
  held.target?.classList.remove("target");
  target?.classList.add("target");
  held.target = target;
}

// A column takes a card anywhere below and above it too: short columns are hard to hit.
function columnAt(x, y) {
  const around = board().getBoundingClientRect();
  if (y < around.top - edge || y > around.bottom + edge) return null;
  return Array.from(board().querySelectorAll(".column")).find((column) => {
    const box = column.getBoundingClientRect();
    return x >= box.left && x < box.right;
  });
}

function scroll() {
  if (!dragging()) return;
  const around = board().getBoundingClientRect();
  const sideways = pull(held.nowX, around.left, around.right);
  if (sideways) board().scrollLeft += sideways;
  const column = columnAt(held.nowX, held.nowY);
  if (column) {
    const box = column.getBoundingClientRect();
    const scroller = column.scrollHeight > column.clientHeight ? column : board(); // lanes scroll together
    scroller.scrollTop += pull(held.nowY, Math.max(box.top, around.top), Math.min(box.bottom, around.bottom));
  }
  if (sideways) follow();
  requestAnimationFrame(scroll);
}

/** How far to scroll in a frame: the nearer to an edge, the faster. */
function pull(at, low, high) {
  if (at < low + edge) return -Math.ceil((low + edge - at) / 4);
  if (at > high - edge) return Math.ceil((at - high + edge) / 4);
  return 0;
}

function drop(e) {
  if (!held || e.pointerId !== held.pointer) return;
  if (!held.lifted) return forget();
  const { card, target } = held;
  finish();
  swallowClick();
  if (target && card.isConnected) {
    move(card, target.dataset.column);
    card.focus({ preventScroll: true }); // after all that changes: it has the page laid out
  } else say(cardName(card) + " stays in " + columnName(card.dataset.column));
  ended();
}

/** Puts the card in hand back, and says why where there is a reason. */
export function cancelDrag(why) {
  if (!held) return;
  if (!held.lifted) return forget();
  const name = cardName(held.card);
  finish();
  if (why) alertOf(name + " " + why);
  ended();
}

function escape(e) {
  if (e.key !== "Escape" || !dragging()) return;
  e.preventDefault();
  e.stopPropagation();
  cancelDrag();
}

function forget() {
  clearTimeout(held?.timer);
  held = null;
}

function finish() {
  const { card, ghost, target } = held;
  forget();
  ghost.remove();
  card.classList.remove("lifted");
  target?.classList.remove("target");
  board().classList.remove("dragging");
  for (const why of board().querySelectorAll(".why")) why.remove();
  for (const column of board().querySelectorAll(".no-target")) column.classList.remove("no-target", "told");
}

// The click that ends a drag on a link is no wish to follow it. The next press of a button
// is another click's.
function swallowClick() {
  const stop = (e) => {
    e.preventDefault();
    e.stopPropagation();
  };
  const over = () => window.removeEventListener("click", stop, { capture: true });
  window.addEventListener("click", stop, { capture: true, once: true });
  window.addEventListener("pointerdown", over, { capture: true, once: true });
  setTimeout(over, 50);
}
