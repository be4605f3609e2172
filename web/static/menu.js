// The menu of a card: every change with single clicks, or with keys alone.

import { cardByID, cardName, columnName, sentence } from "./dom.js";
import { block, move, prioritize, unblock } from "./moves.js";
import { waysOf } from "./ways.js";

let open = ""; // id of the card whose menu is open
let down = false; // the key that opened the menu is still held
let left = () => {};

const dialog = () => document.getElementById("move");

/** The id of the card whose menu is open, or "". */
export const menuID = () => open || (blocker()?.open ? blocking : "");

/** The columns that cards can be moved to. */
export function targets() {
  const buttons = dialog()?.querySelectorAll('[data-field="status"] button') ?? [];
  return Array.from(buttons, (b) => b.value);
}

/** The priorities that cards can have, as [key, name], the most urgent first as the menu has them. */
export function priorities() {
  const buttons = dialog()?.querySelectorAll('[data-field="priority"] button') ?? [];
  return Array.from(buttons, (b) => [b.value, b.textContent.trim()]);
}

/** Starts listening; after(id) is called when the menu of a card was closed. */
export function startMenu(after) {
  left = after;
  document.addEventListener("click", (e) => {
    const button = e.target.closest?.(".board .menu");
    if (button) openMenu(button.closest(".card"));
  });
  dialog()?.addEventListener("click", choose);
  dialog()?.addEventListener("close", close);
  blocker()?.addEventListener("submit", blocked);
  blocker()?.addEventListener("click", (e) => (e.target === blocker() || e.target.value === "cancel") && blocker().close());
  blocker()?.addEventListener("close", () => {
    cardByID(blocking)?.focus({ preventScroll: true });
    left(blocking);
  });
  document.addEventListener("keyup", () => (down = false));
}

/** Opens the menu of a card, by a key or by a click. */
export function openMenu(card, byKey = false) {
  const sheet = dialog();
  if (!card || !sheet || sheet.open) return;
  down = byKey;
  open = card.dataset.id;
  document.getElementById("move-title").textContent = cardName(card) + " " + (card.dataset.title ?? "");
  const link = sheet.querySelector("a.open");
  if (link) link.href = card.querySelector(".key")?.href ?? "/";
  show("status", card.dataset.column);
  show("priority", card.dataset.priority);
  say("");
  sheet.querySelector(".block-open").textContent = "blocked" in card.dataset ? "Unblock" : "Block…";
  sheet.showModal();
  sheet.querySelector("fieldset button:not(:disabled)")?.focus();
  waysOf(open).then((ways) => ways && open === card.dataset.id && dim(ways));
}

/** Marks the columns that the card cannot go to; choosing one tells why. */
function dim(ways) {
  for (const button of dialog().querySelectorAll('[data-field="status"] button')) {
    const why = ways.get(button.value);
    if (!why || button.disabled) continue;
    button.setAttribute("aria-disabled", "true");
    button.title = why;
  }
}

const say = (text) => (document.getElementById("move-reason").textContent = text);

function show(field, value) {
  for (const button of dialog().querySelectorAll(`[data-field="${field}"] button`)) {
    const here = button.value === value;
    button.disabled = here;
    button.removeAttribute("aria-disabled");
    button.removeAttribute("title");
    if (here) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function choose(e) {
  if (e.target === dialog()) return dialog().close(); // beside the sheet
  if (down && e.detail === 0) return e.preventDefault(); // a long Enter opens, and chooses nothing
  if (e.target.closest(".block-open")) {
    const card = cardByID(open);
    dialog().close();
    return card && toggleBlock(card);
  }
  const button = e.target.closest("fieldset button");
  const card = button && cardByID(open);
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") return say("Not to " + columnName(button.value) + ": " + sentence(button.title));
  const field = button.closest("[data-field]").dataset.field;
  dialog().close();
  if (!card) return;
  if (field === "status") move(card, button.value);
  else prioritize(card, button.value, button.textContent.trim());
}

function close() {
  if (dialog().open) return; // news of an earlier closing, come after the menu was opened again
  const id = open;
  open = "";
  cardByID(id)?.focus({ preventScroll: true });
  left(id);
}

let blocking = ""; // id of the card that is to be blocked

const blocker = () => document.getElementById("block");

/** Blocks a card, asking why and for whom it waits; or lets it go on. */
export function toggleBlock(card) {
  if ("blocked" in card.dataset) return unblock(card);
  blocking = card.dataset.id;
  document.getElementById("block-title").textContent = "Block " + cardName(card);
  blocker().querySelector("form").reset();
  blocker().showModal();
}

function blocked(e) {
  e.preventDefault();
  const form = e.target;
  const card = cardByID(blocking);
  blocker().close();
  if (card) block(card, form.elements.reason.value.trim(), form.elements.party.value);
}
