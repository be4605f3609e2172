// What others change appears by itself: a stream of pictures of cards, applied in order,
// held back while they would disturb, and asked for anew where the page fell behind.

import { pick, setCount, setHead, setLimits } from "./columns.js";
import { board, cardByID, columnByKey, element, filtered, number } from "./dom.js";
import { cancelDrag, dragging, heldID } from "./drag.js";
import { baseline, freshen, stream } from "./fresh.js";
import { admit, liftedID, putDown, roam } from "./keys.js";
import { menuID } from "./menu.js";
import { anyInFlight, inFlight } from "./moves.js";
import { away } from "./notices.js";
import { remove, show } from "./place.js";
import { itself, stillIn } from "./session.js";
import { heard } from "./toast.js";

let source = null;
let seq = 0; // the page is true up to here
let waits = 1000; // ms until the next try after a stream that ended
let retry = 0;
let stale = 0; // timer of a refresh that was asked for
let wanted = false; // a refresh that waits for a drag, a menu or an answer
const queue = []; // events that wait

/** Whether the page is asked for anew as a whole when something changes. */
const whole = () => ["wall", "people"].includes(document.body.dataset.page);

/** Whether only the ages of the trackers' pictures are kept true: the page tells of a moment that it names. */
const still = () => !(board() || whole());

/** How many changes of others wait. */
export const waiting = () => queue.length;

/** Starts the stream, and keeps it to the tabs that are looked at. */
export function startLive() {
  if (!window.EventSource || !document.getElementById("fresh") || document.querySelector(".card-body")) return;
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
    if (!still()) stream("live");
    away(false);
  };
  source.onerror = lost;
  for (const kind of ["card", "gone", "board", "resync"]) source.addEventListener(kind, (e) => arrived(kind, e));
}

function lost() {
  if (!still()) stream("reconnecting");
  away(true);
  if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
  source = null;
  stillIn();
  clearTimeout(retry);
  retry = setTimeout(connect, waits);
  waits = Math.min(waits * 2, 30000);
}

function close(state) {
  clearTimeout(retry);
  source?.close();
  source = null;
  if (!still()) stream(state);
  away(state === "offline");
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
  if (kind === "board") freshen(data.fresh_html);
  if (still()) return;
  const meanwhile = "was changed by somebody else meanwhile. It shows what is true now.";
  if (touches(event, heldID())) cancelDrag(meanwhile);
  if (touches(event, liftedID())) putDown(meanwhile);
  if (mustWait(event)) queue.push(event);
  else apply(event);
}

/** Whether an event moves or revises the very card in somebody's hand. */
function touches({ kind, data }, held) {
  if (!held || data.id !== held) return false;
  const card = cardByID(data.id);
  if (kind === "gone") return true;
  if (kind !== "card" || !card || number(card.dataset.seq) > number(data.seq)) return false;
  return element(data.html)?.dataset.rev !== card.dataset.rev;
}

function mustWait({ kind, data }) {
  if (dragging()) return true;
  if (kind === "board") return anyInFlight(); // its counts may have a move in them or not
  if (kind === "card" || kind === "gone") return [menuID(), liftedID()].includes(data.id) || inFlight(data.id);
  return false;
}

function apply({ kind, data, at }) {
  if (kind === "board") setLimits(data.limits_html);
  if (whole()) return kind === "board" && !data.pulse_html ? undefined : refreshSoon(2000);
  switch (kind) {
    case "card":
      return applyCard(data);
    case "gone":
      remove(data.id, at);
      admit();
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
    admit(cardByID(data.id));
  }
  if (filtered() || (outcome === "absent" && !columnByKey(data.column))) refreshSoon();
}

function applyBoard(data) {
  const heads = data.heads_html ?? {};
  if (!filtered()) for (const [key, n] of Object.entries(data.counts ?? {})) heads[key] ? setHead(key, heads[key], n) : setCount(key, n);
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

function refreshSoon(after = 400) {
  if (stale && after > 400) return;
  clearTimeout(stale);
  stale = setTimeout(refresh, after);
}

/** Whether the page may be replaced now. */
const busy = () => dragging() || Boolean(menuID() || liftedID()) || anyInFlight();

/** Goes to another view of the board without leaving the page; focus stays where it was. */
export async function go(url, push = true) {
  if (busy()) return location.assign(url);
  if (push) history.pushState(null, "", url);
  document.getElementById("main")?.setAttribute("aria-busy", "true");
  await refresh(true);
  document.getElementById("main")?.removeAttribute("aria-busy");
}

/** Asks for the page again and takes over what it shows; with controls, also what is set in the bar. */
export async function refresh(controls = false) {
  controls = controls === true;
  wanted = busy();
  if (wanted) return;
  clearTimeout(stale);
  stale = 0;
  let page;
  const from = location.href;
  try {
    const response = await fetch(from, { headers: controls ? { Accept: "text/html" } : itself, cache: "no-store" });
    if (response.status === 401 || response.redirected) return stillIn();
    if (!response.ok) throw new Error(String(response.status));
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    if (controls) return location.reload();
    stale = setTimeout(refresh, 5000);
    return;
  }
  if (location.href !== from) return; // they went on meanwhile, and that page comes too
  wanted = busy();
  if (wanted) return; // flush comes back to it
  if (!controls && number(page.body?.dataset.seq) < seq) return refreshSoon(); // older than what is shown
  take(page, controls);
}

function take(page, controls) {
  const next = page.getElementById("main");
  if (!next) return;
  seq = Math.max(seq, number(page.body.dataset.seq));
  const focus = focused();
  const here = document.getElementById("main");
  const tops = Array.from(here.querySelectorAll(".column"), (c) => [c.id, c.scrollTop]);
  const at = [here.scrollLeft, here.scrollTop];
  if (here.dataset.shown) next.dataset.shown = here.dataset.shown;
  here.replaceWith(document.adoptNode(next));
  [next.scrollLeft, next.scrollTop] = at;
  for (const [id, top] of tops) {
    const column = id && document.getElementById(id);
    if (column) column.scrollTop = top;
  }
  for (const id of ["pulse", "fresh", "column-picker"]) takePart(page, id);
  if (controls) takePart(page, "bar");
  takeNotices(page);
  baseline();
  stream();
  pick();
  document.dispatchEvent(new CustomEvent("parley:taken"));
  refocus(focus);
  roam();
}

/** How to find again what has the focus. */
function focused() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const card = at.closest(".board .card");
  if (card) return { id: card.id, part: at === card ? "" : at.classList[0] };
  return { id: at.id, soft: at.dataset?.soft, name: at.name };
}

function refocus(was) {
  if (!was || (document.activeElement && document.activeElement !== document.body)) return;
  const soft = was.soft && Array.from(document.querySelectorAll("[data-soft]")).find((a) => a.dataset.soft === was.soft);
  const name = was.name && document.querySelector(`.filters [name="${CSS.escape(was.name)}"]`);
  const whole = was.id && document.getElementById(was.id);
  const there = (was.part && whole?.querySelector("." + CSS.escape(was.part))) || whole || soft || name || document.getElementById("main");
  there.focus({ preventScroll: true });
}

function takePart(page, id) {
  const here = document.getElementById(id);
  const there = page.getElementById(id);
  if (!here || !there) return;
  const value = here.value;
  const more = here.querySelector(".more-filters")?.open;
  const sheet = id === "bar" && here.querySelector("#filters:popover-open");
  here.replaceChildren(...there.childNodes);
  if (more) here.querySelector(".more-filters").open = true; // more can be set at once
  if (sheet) here.querySelector("#filters").showPopover();
  if (value !== undefined) here.value = value;
}

function takeNotices(page) {
  for (const old of document.querySelectorAll("body > .nothing")) old.remove();
  document.getElementById("main").before(...page.querySelectorAll("body > .nothing"));
  const bar = document.querySelector(".appbar");
  for (const old of document.querySelectorAll("body > .notice:not([data-own])")) old.remove();
  bar?.after(...page.querySelectorAll("body > .notice"));
}
