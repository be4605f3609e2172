// Bars about the page itself: it hears nothing any more, or its reader is signed out.

let timer = 0;
let since = "";

/** Says that the page hears nothing, once that has lasted; or takes that back. */
export function away(is) {
  if (!is) {
    clearTimeout(timer);
    timer = 0;
    document.getElementById("away")?.remove();
    return;
  }
  if (timer) return;
  since = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  timer = setTimeout(() => bar("away", "Parley has not been heard since " + since + ". The page shows what was true then; what you change now cannot be saved."), 8000);
}

/** Says that the reader has to sign in again. */
export function signedOut() {
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = "Sign in again";
  bar("signed-out", "You are signed out. The page shows what was true before. ", again);
}

/** Finds out whether the reader is let in still. */
export async function known() {
  try {
    const response = await fetch("/api/v1/cards?limit=1", { cache: "no-store" });
    if (response.status === 401 || response.redirected) signedOut();
  } catch {
    away(true);
  }
}

function bar(id, text, ...more) {
  if (document.getElementById(id)) return;
  const note = document.createElement("p");
  note.id = id;
  note.className = "notice stale";
  note.dataset.own = "";
  note.setAttribute("role", "status");
  note.append(text, ...more);
  document.querySelector(".appbar")?.after(note);
}
