// How old each tracker's picture is, counted on between the server's words, and whether
// the stream is alive. Ages never go back without news.

let since = performance.now();
let state = ""; // unknown until the stream says

const words = { live: "Live", reconnecting: "Reconnecting", paused: "Paused", offline: "Offline" };

/** Starts counting. */
export function startFresh() {
  baseline();
  setInterval(tick, 1000);
}

/** Says that the ages on the page were written now. */
export function baseline() {
  since = performance.now();
  tick();
}

/** Shows how old the trackers' pictures are, by the server's words of now. */
export function freshen(html) {
  const host = document.getElementById("fresh");
  if (!host || !html) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  host.replaceChildren(...(template.content.getElementById("fresh") ?? template.content).childNodes);
  baseline();
}

/** Shows what the stream does; without an argument, again what it did. */
export function stream(next) {
  state = next ?? state;
  const mark = document.querySelector(".appbar .stream");
  if (!mark || !state || mark.dataset.stream === state) return;
  mark.hidden = false;
  mark.dataset.stream = state;
  mark.textContent = words[state];
}

function tick() {
  const passed = Math.floor((performance.now() - since) / 1000);
  for (const item of document.querySelectorAll("[data-age]")) {
    const start = Number(item.dataset.age);
    const time = item.querySelector("time");
    if (!time || !(start >= 0)) continue;
    time.textContent = span(start + passed);
    grow(item, start + passed);
  }
}

/** Raises the level once the polls that were due have not come: two are late, five stale. */
function grow(item, age) {
  const poll = Number(item.dataset.poll);
  if (!(poll > 0) || item.dataset.level === "never") return;
  if (age > 5 * poll) item.dataset.level = "stale";
  else if (age > 2 * poll && item.dataset.level === "live") item.dataset.level = "late";
}

function span(seconds) {
  if (seconds < 60) return seconds + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 172800) return Math.floor(seconds / 3600) + " h";
  return Math.floor(seconds / 86400) + " d";
}
