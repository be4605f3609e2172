// A card in a drawer over the board, and the life of its own page: both show what the
// server made, ask for it again when the card changes, and send its forms in place.

import { board, cardByID, cardName } from "./dom.js";
import { freshen, stream } from "./fresh.js";
import { itself, stillIn } from "./session.js";
import { alertOf, say } from "./toast.js";

let shown = ""; // id of the card in the drawer
let back = null; // where focus came from
let busy = false; // a form is on its way
let asked = 0; // the newest request for a card's picture; older answers are dropped
let later = 0; // timer of a refresh
let undo = null; // what was done a moment ago and can be taken back: {card, op, until}
let leaving = null; // the browser is on its way back from a closed card; what to open then

const drawer = () => document.getElementById("drawer");
const body = () => document.querySelector(".card-body");

/** The id of the card in the drawer, or "". */
export const drawerID = () => shown;

/** Starts listening, on the board and on a card's own page. */
export function startDrawer() {
  document.addEventListener("submit", submit, true);
  document.addEventListener("click", earlier);
  if (!board()) return follow();
  document.addEventListener("keydown", key, true);
  document.addEventListener("click", clicked);
  document.addEventListener("parley:card", (e) => e.detail === shown && soon());
  window.addEventListener("popstate", arrived);
  restore();
}

function key(e) {
  if (e.key !== "Enter" || e.repeat || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  const card = e.target.closest?.(".board .card");
  if (!card || e.target !== card || card.classList.contains("lifted")) return;
  e.preventDefault();
  openDrawer(card);
}

function clicked(e) {
  const host = drawer();
  if (host?.open && (e.target === host || e.target.closest("[data-close]"))) return shut();
  if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  const link = e.target.closest?.("#move a.open");
  const card = link ? document.getElementById("card-" + id(link)) : e.target.closest?.(".board .card");
  if (!card || (!link && e.target.closest("button, a:not(.key)")) || window.getSelection()?.toString()) return;
  e.preventDefault();
  link?.closest("dialog").close();
  openDrawer(card);
}

const id = (link) => decodeURIComponent(new URL(link.href).pathname.split("/").pop());

/** Opens the drawer on a card of the board. */
export function openDrawer(card) {
  if (leaving) return (leaving.next = card.dataset.id); // a new address now would be undone by the way back
  const address = new URL(location.href);
  address.searchParams.set("card", card.dataset.id);
  if (!shown) history.pushState({ drawer: true }, "", address);
  else history.replaceState(history.state, "", address);
  show(card.dataset.id, cardName(card));
}

/** Goes on where the address has changed, with the card that was asked for on the way. */
function arrived(way) {
  if (way.type !== "popstate" && way !== leaving) return;
  const next = cardByID(leaving?.next ?? "");
  leaving = null;
  restore();
  if (next) openDrawer(next);
}

/** Shows what the address says. */
function restore() {
  const wanted = new URLSearchParams(location.search).get("card") ?? "";
  if (wanted && wanted !== shown) show(wanted, cardByID(wanted) ? cardName(cardByID(wanted)) : "The card");
  else if (!wanted && shown) shut();
}

function show(which, name) {
  const host = drawer() ?? make();
  if (!host.open) back = document.activeElement;
  shown = which;
  host.setAttribute("aria-label", name);
  const wait = document.createElement("p");
  wait.className = "loading";
  wait.textContent = name + " is being read";
  host.replaceChildren(wait);
  if (!host.open) host.showModal();
  load(true);
}

function make() {
  const host = document.createElement("dialog");
  host.id = "drawer";
  host.className = "drawer";
  host.addEventListener("close", closed);
  document.body.append(host);
  return host;
}

/** Closes the drawer now: the browser tells of it later, when it may be open again. */
function shut() {
  drawer().close();
  closed();
}

function closed() {
  if (!shown || drawer().open) return; // told already
  const was = shown;
  shown = "";
  clearTimeout(later);
  asked++;
  const address = new URL(location.href);
  if (address.searchParams.has("card")) {
    if (history.state?.drawer) {
      leaving = { next: null };
      history.back();
      setTimeout(arrived, 1000, leaving); // a browser that goes nowhere says nothing
    } else {
      address.searchParams.delete("card");
      history.replaceState(null, "", address);
    }
  }
  const home = cardByID(was) ?? (back?.isConnected ? back : null);
  home?.focus({ preventScroll: true });
}

/** Asks for the card, and takes over what comes. */
async function load(first = false) {
  const mine = ++asked;
  const which = shown;
  let response;
  try {
    response = await fetch("/card/" + encodeURIComponent(which) + "?part=drawer" + wayBack(which), { headers: first ? { Accept: "text/html" } : itself, cache: "no-store" });
  } catch {
    response = null;
  }
  const html = response?.ok ? await response.text() : "";
  if (mine !== asked || which !== shown) return;
  if (!html) return failed(response?.status ?? 0, first);
  take(new DOMParser().parseFromString(html, "text/html").body.childNodes, drawer());
  if (first) document.getElementById("card-title")?.focus({ preventScroll: true });
}

function failed(status, first) {
  if (status === 401) return stillIn();
  if (!first) return soon(5000); // what is shown is from before
  const words = status === 404 ? "There is no such card any more." : "Parley did not answer. Close this and try again.";
  const p = document.createElement("p");
  p.className = "loading";
  p.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.close = "";
  close.textContent = "Close";
  drawer().replaceChildren(p, close);
  close.focus();
}

/** Puts new content in the place of the old: what was unfolded, typed or had the focus stays so. */
function take(nodes, host) {
  const kept = remember(host);
  host.replaceChildren(...Array.from(nodes));
  recall(host, kept);
}

function remember(host) {
  const had = host.contains(document.activeElement) ? document.activeElement : null;
  return {
    top: host.scrollTop,
    open: Array.from(host.querySelectorAll("details[open]"), nameOf),
    focus: had && had !== host ? nameOf(had) : "",
    typed: Array.from(host.querySelectorAll("input[type=text], textarea"), (i) => [nameOf(i), i.value]).filter(([, v]) => v),
    more: host.querySelectorAll(".moment").length,
  };
}

function recall(host, kept) {
  for (const d of host.querySelectorAll("details")) d.open = kept.open.includes(nameOf(d));
  for (const [name, value] of kept.typed) for (const i of host.querySelectorAll("input[type=text], textarea")) if (nameOf(i) === name) i.value = value;
  host.scrollTop = kept.top;
  if (!kept.focus) return;
  const all = host.querySelectorAll("a, button, select, input, textarea, summary, [tabindex]");
  const same = Array.from(all).find((n) => nameOf(n) === kept.focus);
  (same ?? document.getElementById("card-title"))?.focus({ preventScroll: true });
}

/** What tells a node from the others in every picture of the same card. */
function nameOf(node) {
  const form = node.closest("form")?.getAttribute("action") ?? "";
  const around = node.closest("details")?.id || node.closest("section")?.className || "";
  return [node.tagName, node.id, node.name ?? "", node.type === "radio" ? node.value : "", node.getAttribute("href") ?? "", form, around].join(" ");
}

/** Asks again in a moment, once nothing is under way. */
function soon(wait = 150) {
  clearTimeout(later);
  later = setTimeout(() => (busy ? soon() : refresh()), wait);
}

function refresh() {
  if (shown) load();
  else if (!board()) reload();
}

// ---- the card's own page ----

/** Keeps a card's own page up to date while it is looked at. */
function follow() {
  if (!body() || !window.EventSource) return;
  let source = null;
  const close = () => {
    source?.close();
    source = null;
    stream("paused");
  };
  let waits = 1000; // ms until the next try
  const connect = () => {
    if (source || document.hidden) return;
    source = new EventSource("/api/v1/events?since=" + (document.body.dataset.seq || 0));
    source.addEventListener("card", (e) => {
      document.body.dataset.seq = e.lastEventId || document.body.dataset.seq;
      if (e.data.includes('"' + body()?.dataset.card + '"')) soon();
    });
    source.addEventListener("board", (e) => freshen(told(e).fresh_html));
    source.addEventListener("resync", () => soon());
    source.addEventListener("open", () => {
      waits = 1000;
      stream("live");
    });
    source.addEventListener("error", () => {
      stream("reconnecting");
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      source = null;
      setTimeout(connect, waits);
      waits = Math.min(waits * 2, 30000);
    });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : connect()));
  window.addEventListener("pagehide", close);
  connect();
}

/** What an event of the stream says; one that cannot be read says nothing. */
function told(e) {
  try {
    return JSON.parse(e.data || "{}");
  } catch {
    return {};
  }
}

async function reload() {
  const mine = ++asked;
  try {
    const address = new URL(location.href);
    address.searchParams.delete("undo");
    const response = await fetch(address + (address.search ? "" : "?") + wayBack(body()?.dataset.card), { headers: itself, cache: "no-store" });
    if (response.status === 401) return stillIn();
    if (response.ok && mine === asked) takePage(await response.text());
  } catch {
    soon(5000);
  }
}

function takePage(html) {
  const next = new DOMParser().parseFromString(html, "text/html").querySelector(".card-body");
  if (!next || !body()) return false;
  const host = body().parentElement;
  const kept = remember(host);
  body().replaceWith(document.adoptNode(next));
  recall(host, kept);
  return true;
}

// ---- forms ----

/** How long what was done can be taken back, as on the board. */
const undoFor = 10000; // ms

/** Keeps the way back that an answer offers: pictures of the card that come after it have it too, while it lasts. */
function keepWayBack(answer) {
  const op = new URL(answer.url).searchParams.get("undo");
  undo = op && { card: body()?.dataset.card, op, until: performance.now() + undoFor };
  if (op) setTimeout(soon, undoFor);
}

const wayBack = (card) => (undo && undo.card === card && performance.now() < undo.until ? "&undo=" + encodeURIComponent(undo.op) : "");

/** Sends a form of the card and shows its answer in the place of what was there. */
function submit(e) {
  const form = e.target;
  if (!form.closest?.(".card-body") || form.method !== "post") return;
  if (form.dataset.decide && !shown) return; // the page's own way with conflicts
  e.preventDefault();
  e.stopImmediatePropagation();
  if (!busy) send(form, e.submitter);
}

async function send(form, button) {
  busy = true;
  asked++; // a picture that is on its way is older than what the answer shows
  const over = shown;
  button?.setAttribute("aria-disabled", "true"); // not disabled: focus stays
  const words = button?.textContent.trim() ?? "Change";
  let answer = null;
  try {
    answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button ?? undefined)), headers: { Accept: "text/html" } });
  } catch {
    answer = null; // nobody answered; the same op can be sent again
  }
  const html = answer ? await answer.text() : "";
  busy = false;
  button?.removeAttribute("aria-disabled");
  if (answer?.ok) keepWayBack(answer);
  if (answer?.ok) form.closest("details.folds")?.removeAttribute("open");
  if (answer?.ok) for (const input of form.querySelectorAll("input[type=text], textarea")) input.value = "";
  if (!answer) {
    alertOf(words + ": Parley did not answer. Try again when the page is live.");
    soon();
  } else if (over !== shown) say(words + (answer.ok ? ": done" : ": not done")); // another card is open by now, or none
  else if (!takePage(html)) alertOf(words + ": " + (plain(html) || "Parley answered " + answer.status));
  else say(document.querySelector(".card-body .notice.refused")?.textContent ?? words + ": done");
}

/** The words of an answer that is no picture of the card. */
function plain(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const words = page.querySelector("[data-why]")?.textContent ?? (answer.includes("<") ? "" : answer);
  return words.trim().slice(0, 200);
}

// ---- timeline ----

async function earlier(e) {
  const link = e.target.closest?.("a[data-earlier]");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  const host = link.closest("[data-timeline]");
  const address = new URL(link.href);
  address.searchParams.set("part", "timeline");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html").body;
    const first = page.querySelector(".moment");
    link.parentElement.remove();
    host.append(...page.childNodes);
    if (first) first.tabIndex = -1;
    first?.focus({ preventScroll: true });
  } catch {
    alertOf("Earlier moments could not be read. Try again.");
  }
}
