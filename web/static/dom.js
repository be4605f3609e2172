// The few questions every module asks of the page.

export const board = () => document.querySelector("main.board");
export const cardByID = (id) => document.getElementById("card-" + id);
export const columnByKey = (key) => document.getElementById("col-" + key);

/** Where a column keeps its cards; where it is divided, those of a lane, else of the first one. */
export function listOf(column, lane) {
  const lists = Array.from(column?.querySelectorAll("[data-cards]") ?? []);
  return lists.find((list) => list.dataset.lane === lane) ?? lists[0];
}

/** The cards of a column in the order in which they stand, over all of its lanes. */
export const cardsOf = (column) => Array.from(column?.querySelectorAll(".card") ?? []);
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

const parts = ["unit", "turn", "class", "age", "stage", "planned", "state", "priority", "assignee", "project", "epic", "search", "done"];

/** Whether the page shows a part of the board only, or divides it: only the server can say what belongs where. */
export function filtered() {
  const q = new URLSearchParams(location.search);
  return parts.some((name) => q.get(name)) || Boolean(board()?.classList.contains("grouped"));
}

/** A sentence of a text that may be none. */
export function sentence(text) {
  const words = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(words) ? words : words + ".";
}

/** What the browser keeps for a reader, where it keeps anything. */
export const kept = {
  get(name) {
    try {
      return localStorage.getItem("parley." + name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem("parley." + name, value);
      return true;
    } catch {
      return false;
    }
  },
};

/** An id for one intent. randomUUID exists only on secure pages. */
export function newOp() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
