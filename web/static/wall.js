// The board on a wall turns its pages by itself, shows whole cards only, and tells the time.

import { number } from "./dom.js";

const every = 20000; // ms that a page stands

/** Starts turning. */
export function startWall() {
  if (document.body.dataset.page !== "wall") return;
  fit();
  clock();
  setInterval(clock, 1000);
  setInterval(turn, every);
  window.addEventListener("resize", fit);
  document.addEventListener("parley:taken", () => {
    fit();
    clock();
  });
}

/** Shows the next page. */
export function turn() {
  const wall = document.getElementById("main");
  const pages = number(wall.dataset.pages);
  wall.dataset.shown = String((number(wall.dataset.shown) % pages) + 1);
  fit();
}

/** Leaves out the cards that have no room, and says how many they are. */
function fit() {
  for (const column of document.querySelectorAll(".wall .column")) {
    const list = column.querySelector(".cards");
    if (!list?.offsetParent) continue;
    const rest = column.querySelector(".rest");
    const cards = Array.from(list.children);
    for (const card of cards) card.hidden = false;
    const all = number(list.dataset.count);
    rest.hidden = all <= cards.length && fits(list, cards.at(-1));
    rest.textContent = "and more";
    const shown = cards.filter((card) => fits(list, card)).length;
    cards.forEach((card, i) => (card.hidden = i >= shown));
    rest.textContent = "and " + (all - shown) + " more";
  }
}

const fits = (list, card) => !card || card.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom + 1;

/** Tells the time of the board's calendar, not of the screen. */
function clock() {
  const shown = document.getElementById("wall-clock");
  if (!shown) return;
  let now;
  try {
    now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: shown.dataset.zone });
  } catch {
    return; // a zone that this browser does not know: the hour stays that of the page
  }
  if (shown.textContent !== now) shown.textContent = now;
}
