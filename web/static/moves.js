// What a person asks of a card: shown at once, sent once, taken back for that card alone
// when it is refused.

import { addCount } from "./columns.js";
import { cardByID, cardName, columnByKey, columnName, flash, newOp, number, sentence } from "./dom.js";
import { putBack, putLast, reveal, spotOf } from "./place.js";
import { alertOf, say, undoable } from "./toast.js";

const sending = new Set(); // ids of cards about which an answer is awaited
let released = () => {}; // called when pictures of a card may be shown again
let truth = () => {}; // called when the page has to ask what is true

/** Whether an answer is awaited; pictures of the card wait meanwhile. */
export const inFlight = (id) => sending.has(id);

/** Whether any answer is awaited. */
export const anyInFlight = () => sending.size > 0;

/** Says who is told about answers: releasedTo(id, rev) and truthTo(). */
export function onAnswers(releasedTo, truthTo) {
  released = releasedTo;
  truth = truthTo;
}

/** Whether the person may change a card now. */
export const settledCard = (card) => !card.classList.contains("pending") && !sending.has(card.dataset.id);

/** Moves a card to a column. */
export function move(card, to) {
  const from = card.dataset.column;
  if (from === to || !mayChange(card)) return Promise.resolve();
  const before = remember(card);
  if (!putLast(card, to)) return Promise.resolve();
  addCount(from, -1);
  addCount(to, 1);
  card.dataset.column = to;
  mark(card, "Saving: to " + columnName(to));
  reveal(card);
  const body = { to, expect_column: from, rev: number(card.dataset.rev) };
  return send(card, before, "move", body, { did: "moved to " + columnName(to), failed: "was not moved to " + columnName(to) });
}

/** Gives a card another priority. */
export function prioritize(card, to, name) {
  const from = card.dataset.priority || null;
  if (from === to || !mayChange(card)) return Promise.resolve();
  const before = remember(card);
  card.dataset.priority = to;
  mark(card, "Saving: priority " + name);
  const body = { to, expect_priority: from, rev: number(card.dataset.rev) };
  return send(card, before, "priority", body, { did: "has the priority " + name, failed: "did not get the priority " + name });
}

/** Says that work on a card cannot go on, why, and for whom it waits. */
export function block(card, reason, party) {
  if (!mayChange(card)) return Promise.resolve();
  const before = remember(card);
  mark(card, "Saving: blocked");
  return send(card, before, "block", { reason, party, rev: number(card.dataset.rev) }, { did: "is blocked", failed: "was not blocked" });
}

/** Says that work on a card can go on. */
export function unblock(card) {
  if (!mayChange(card)) return Promise.resolve();
  const before = remember(card);
  mark(card, "Saving: not blocked any more");
  return send(card, before, "unblock", { rev: number(card.dataset.rev) }, { did: "is not blocked any more", failed: "is still blocked" });
}

/** Takes back what one intent did. */
function undo(id, op) {
  const card = cardByID(id);
  if (!card) return alertOf("The card is not on this page any more; open it to change it.");
  if (!mayChange(card)) return;
  const before = remember(card);
  mark(card, "Saving: taken back");
  card.focus({ preventScroll: true });
  return send(card, before, "undo", { undo: op }, { did: "", failed: "was not taken back" });
}

function mayChange(card) {
  if (settledCard(card)) return true;
  alertOf(cardName(card) + " is still being saved. Change it again in a moment.");
  return false;
}

function remember(card) {
  return { spot: spotOf(card), column: card.dataset.column, priority: card.dataset.priority, className: card.className, inside: card.cloneNode(true) };
}

function mark(card, words) {
  card.classList.add("pending");
  card.setAttribute("aria-busy", "true");
  let line = card.querySelector(".state");
  if (!line) {
    line = document.createElement("div");
    card.querySelector(".title")?.after(line);
  }
  line.className = "state state-pending";
  card.classList.add("stated");
  const text = document.createElement("span");
  text.textContent = words;
  line.replaceChildren(text);
  say(cardName(card) + ". " + words);
}

async function send(card, before, what, body, words) {
  const id = card.dataset.id;
  const op = body.undo ?? newOp();
  const { undo: taken, ...rest } = body;
  sending.add(id);
  let status = 0;
  let answer = {};
  try {
    const response = await fetch("/api/v1/cards/" + encodeURIComponent(id) + "/" + what, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ ...rest, op }),
    });
    status = response.status;
    answer = await response.json().catch(() => ({}));
  } catch {
    status = 0; // nobody answered
  }
  sending.delete(id);
  if (status === 202) accepted(id, answer, before, { ...words, op });
  else refused(id, before, status, answer, words.failed);
}

function accepted(id, answer, before, { did, op }) {
  const card = cardByID(id);
  if (card && number(answer.rev) >= number(card.dataset.rev)) card.dataset.rev = String(answer.rev);
  if (card && answer.state === "done") unmark(card, before);
  const name = card ? cardName(card) : id;
  const waits = answer.state === "held" ? " It is not written yet and waits in the plan." : "";
  if (did) undoable(name + " " + did + "." + waits, () => undo(id, op));
  released(id, number(answer.rev));
  if (card && answer.state !== "done") checkLater(id);
}

/** Takes away the words about saving, and nothing else. */
function unmark(card, before) {
  card.removeAttribute("aria-busy");
  card.className = before.className;
  const old = before.inside.querySelector(".state");
  const line = card.querySelector(".state");
  if (line && old) line.replaceWith(old.cloneNode(true));
  else line?.remove();
}

// A card whose picture does not come is asked for: a stream may have been away.
function checkLater(id) {
  setTimeout(() => {
    if (cardByID(id)?.getAttribute("aria-busy") === "true" && !sending.has(id)) truth();
  }, 15000);
}

function refused(id, before, status, answer, failed) {
  const card = cardByID(id);
  if (card) restore(card, before, answer.card);
  const name = card ? cardName(card) : id;
  alertOf(name + " " + failed + ". " + reason(status, answer));
  released(id, 0);
  if (status === 0 || status === 404 || status >= 500 || (answer.card && !columnByKey(answer.card.column))) truth();
}

function restore(card, before, now) {
  const held = card.contains(document.activeElement);
  const shownIn = card.dataset.column;
  card.dataset.column = before.column;
  card.dataset.priority = before.priority ?? "";
  card.className = before.className;
  card.removeAttribute("aria-busy");
  card.replaceChildren(...before.inside.cloneNode(true).childNodes);
  if (shownIn !== before.column) {
    putBack(card, before.spot);
    addCount(shownIn, -1);
    addCount(before.column, 1);
  }
  if (now) follow(card, now);
  flash(card, "back");
  if (held || document.activeElement === document.body) card.focus();
}

/** Takes over what a refusal says about where the card is now; its picture follows. */
function follow(card, now) {
  card.dataset.rev = String(now.rev ?? card.dataset.rev);
  const from = card.dataset.column;
  if (!now.column || now.column === from || !putLast(card, now.column)) return;
  card.dataset.column = now.column;
  addCount(from, -1);
  addCount(now.column, 1);
}

function reason(status, answer) {
  if (status === 0) return "Parley did not answer. The card stays where it was; try again when the page is live.";
  if (status === 401) return "You are signed out. Sign in again, then repeat it.";
  const why = answer.error ? sentence(answer.error) : "Parley answered " + status + ".";
  const ways = (answer.allowed ?? []).map(columnName);
  return ways.length ? why + " It can go to " + ways.join(", ") + "." : why;
}
