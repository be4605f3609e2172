// Words about what happened: alerts for what the person did, quiet lines for the rest.

const shown = { alerts: 12000, toasts: 5000 }; // ms

function put(box, text, actions, time = shown[box]) {
  const host = document.getElementById(box);
  if (!host) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(words);
  for (const action of actions) toast.append(action);
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  while (host.querySelectorAll(".toast").length > 2) host.querySelector(".toast").remove();
  host.append(toast);
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, time);
}

/** Says at once that something the person asked for did not happen. */
export const alertOf = (text, ...actions) => put("alerts", text, actions);

/** Says what became of something, without haste. */
export const toast = (text, ...actions) => put("toasts", text, actions);

/** Says what was done, with a way back for ten seconds. */
export function undoable(text, undo) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "undo";
  button.textContent = "Undo";
  button.addEventListener("click", () => {
    button.closest(".toast").remove();
    undo();
  });
  put("toasts", text, [button], 10000);
}

let changed = 0;
let timer = 0;

/** Tells listeners of a screen, in batches, that others changed cards. */
export function heard(cards) {
  changed += cards;
  if (timer) return;
  timer = setTimeout(() => {
    say(changed === 1 ? "1 card changed" : changed + " cards changed");
    changed = timer = 0;
  }, 1500);
}

/** Says something to listeners only. */
export function say(text) {
  const host = document.getElementById("toasts");
  if (!host) return;
  const line = document.createElement("p");
  line.className = "visually-hidden";
  line.textContent = text;
  host.append(line);
  setTimeout(() => line.remove(), 4000);
}
