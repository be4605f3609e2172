// What others change appears by itself: a stream of pictures of cards, applied in order,
// held back while they would disturb, and asked for anew where the page fell behind.

import { pick, setCount } from "./columns.js";
import { board, cardByID, columnByKey, element, filtered, number } from "./dom.js";
import { cancelDrag, dragging, heldID } from "./drag.js";
import { baseline, stream } from "./fresh.js";
import { roam } from "./keys.js";
import { menuID } from "./menu.js";
import { anyInFlight, inFlight } from "./moves.js";
import { remove, show } from "./place.js";
import { heard } from "./toast.js";

let source = null;
let seq = 0; // the page is true up to here
let waits = 1000; // ms until the next try after a stream that ended
let retry = 0;
let stale = 0; // timer of a refresh that was asked for
let wanted = false; // a refresh that waits for a drag, a menu or an answer
const queue = []; // events that wait

/** How many changes of others wait. */
export const waiting = () => queue.length;

/** Starts the stream, and keeps it to the tabs that are looked at. */
export function startLive() {
  if (!board() || !window.EventSource) return;
  seq = number(document.body.dataset.seq);
  document.addEventListener("visibilitychange", () => (document.hidden ? close("paused") : connect()));
  window.addEventListener("pagehide", () => close("paused"));
  window.addEventListener("pageshow", (e) => e.persisted && connect());
  window.addEventListener("offline", () => close("offline"));
  window.addEventListener("online", connect);
  if (!document.hidden) connect();
}

function connect() {
  if (source || document.hidden) return;
  clearTimeout(retry);
  source = new EventSource("/api/v1/events?since=" + seq);
  source.onopen = () => {
    waits = 1000;
    stream("live");
  };
  source.onerror = lost;
  for (const kind of ["card", "gone", "board", "resync"]) source.addEventListener(kind, (e) => arrived(kind, e));
}

function lost() {
  stream("reconnecting");
  if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
  source = null;
  clearTimeout(retry);
  retry = setTimeout(connect, waits);
  waits = Math.min(waits * 2, 30000);
}

function close(state) {
  clearTimeout(retry);
  source?.close();
  source = null;
  stream(state);
}

function arrived(kind, e) {
  let data;
  try {
    data = JSON.parse(e.data || "{}");
  } catch {
    return refresh();
  }
  const at = number(e.lastEventId) || number(data.seq);
  if (at > seq) seq = at;
  const event = { kind, data, at };
  if (data.id) document.dispatchEvent(new CustomEvent("parley:card", { detail: data.id }));
  if (kind === "board" && swap("fresh", data.fresh_html)) baseline();
  if (touchesHeld(event)) cancelDrag("was changed by somebody else meanwhile. It shows what is true now.");
  if (mustWait(event)) queue.push(event);
  else apply(event);
}

/** Whether an event moves or revises the very card in somebody's hand. */
function touchesHeld({ kind, data }) {
  if (!heldID() || data.id !== heldID()) return false;
  const card = cardByID(data.id);
  if (kind === "gone") return true;
  if (kind !== "card" || !card || number(card.dataset.seq) > number(data.seq)) return false;
  return element(data.html)?.dataset.rev !== card.dataset.rev;
}

function mustWait({ kind, data }) {
  if (dragging()) return true;
  if (kind === "board") return anyInFlight(); // its counts may have a move in them or not
  if (kind === "card" || kind === "gone") return data.id === menuID() || inFlight(data.id);
  return false;
}

function apply({ kind, data, at }) {
  switch (kind) {
    case "card":
      return applyCard(data);
    case "gone":
      remove(data.id, at);
      return filtered() && refreshSoon();
    case "board":
      return applyBoard(data);
    default:
      return refresh();
  }
}

function applyCard(data) {
  const outcome = show(data, false);
  if (outcome === "shown") {
    heard(1);
    roam();
  }
  if (filtered() || (outcome === "absent" && !columnByKey(data.column))) refreshSoon();
}

function applyBoard(data) {
  if (!filtered()) for (const [key, n] of Object.entries(data.counts ?? {})) setCount(key, n);
  swap("pulse", data.pulse_html);
}

function swap(id, html) {
  const host = document.getElementById(id);
  if (!host || !html) return false;
  const template = document.createElement("template");
  template.innerHTML = html;
  const whole = template.content.getElementById(id);
  host.replaceChildren(...(whole ?? template.content).childNodes);
  return true;
}

/** Applies what waited, as far as it need not wait any longer. The card with id had the answer rev. */
export function flush(id, rev = 0) {
  const waiting = queue.splice(0);
  for (const event of waiting) {
    const old = event.kind === "card" && event.data.id === id && rev > 0 && number(element(event.data.html)?.dataset.rev) < rev;
    if (old) continue; // from before the answer
    if (mustWait(event)) queue.push(event);
    else apply(event);
  }
  if (wanted) refresh();
}

function refreshSoon() {
  clearTimeout(stale);
  stale = setTimeout(refresh, 400);
}

/** Asks for the page again and takes over what it shows. */
export async function refresh() {
  wanted = dragging() || Boolean(menuID()) || anyInFlight();
  if (wanted) return;
  clearTimeout(stale);
  let page;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    stale = setTimeout(refresh, 5000);
    return;
  }
  wanted = dragging() || Boolean(menuID()) || anyInFlight();
  if (wanted) return; // flush comes back to it
  if (number(page.body?.dataset.seq) < seq) return refreshSoon(); // older than what is shown
  take(page);
}

function take(page) {
  const next = page.querySelector("main.board");
  if (!next) return;
  seq = number(page.body.dataset.seq);
  const focus = document.activeElement?.closest?.(".board .card")?.id;
  const tops = Array.from(board().querySelectorAll(".column"), (c) => [c.id, c.scrollTop]);
  const across = board().scrollLeft;
  board().replaceWith(document.adoptNode(next));
  board().scrollLeft = across;
  for (const [id, top] of tops) {
    const column = document.getElementById(id);
    if (column) column.scrollTop = top;
  }
  for (const id of ["pulse", "fresh", "column-picker"]) takePart(page, id);
  takeNotices(page);
  baseline();
  stream();
  pick();
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  roam();
}

function takePart(page, id) {
  const here = document.getElementById(id);
  const there = page.getElementById(id);
  if (!here || !there) return;
  const value = here.value;
  here.replaceChildren(...there.childNodes);
  if (value !== undefined) here.value = value;
}

function takeNotices(page) {
  for (const old of document.querySelectorAll("body > .nothing")) old.remove();
  board().before(...page.querySelectorAll("body > .nothing"));
  const bar = document.querySelector(".appbar");
  for (const old of document.querySelectorAll("body > .notice")) old.remove();
  bar?.after(...page.querySelectorAll("body > .notice"));
}
