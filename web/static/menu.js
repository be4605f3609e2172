// The menu of a card: every change with single clicks, or with keys alone.

import { cardByID, cardName } from "./dom.js";
import { move, prioritize } from "./moves.js";

let open = ""; // id of the card whose menu is open
let down = false; // the key that opened the menu is still held
let left = () => {};

const dialog = () => document.getElementById("move");

/** The id of the card whose menu is open, or "". */
export const menuID = () => open;

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
  sheet.showModal();
  sheet.querySelector("fieldset button:not(:disabled)")?.focus();
}

function show(field, value) {
  for (const button of dialog().querySelectorAll(`[data-field="${field}"] button`)) {
    const here = button.value === value;
    button.disabled = here;
    if (here) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function choose(e) {
  if (e.target === dialog()) return dialog().close(); // beside the sheet
  if (down && e.detail === 0) return e.preventDefault(); // a long Enter opens, and chooses nothing
  const button = e.target.closest("fieldset button");
  const card = button && cardByID(open);
  if (!button) return;
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
