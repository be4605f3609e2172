// The few questions every module asks of the page.

export const board = () => document.querySelector("main.board");
export const cardByID = (id) => document.getElementById("card-" + id);
export const columnByKey = (key) => document.getElementById("col-" + key);
export const listOf = (column) => column?.querySelector("[data-cards]");
export const number = (text) => Number(text) || 0;

/** The name of a column as its head has it. */
export const columnName = (key) => columnByKey(key)?.querySelector("h2")?.textContent.trim() || key;

/** What people call a card: its key, else its id. */
export const cardName = (card) => card.querySelector(".key")?.textContent.trim() || card.dataset.id;

/** Parses HTML of the server; its first element. */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/** Shows a class for the length of an animation. */
export function flash(node, name) {
  node.classList.remove(name);
  void node.offsetWidth; // so that the animation starts over
  node.classList.add(name);
  setTimeout(() => node.classList.remove(name), 400);
}

/** Whether the page shows a part of the board only. */
export function filtered() {
  const q = new URLSearchParams(location.search);
  return ["unit", "turn", "priority", "search"].some((name) => q.get(name));
}

/** An id for one intent. randomUUID exists only on secure pages. */
export function newOp() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
