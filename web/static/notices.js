// The bar that says that the page hears nothing any more.

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
