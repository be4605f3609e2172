// While a swap is under way its steps are read again, until it is at its end.

import { itself } from "./session.js";

const every = 2000;

/** Begins to follow the swaps of a contract's page, where there are any. */
export function startUnderWay() {
  if (document.querySelector("[data-under-way]")) setTimeout(follow, every);
}

async function follow() {
  const here = document.querySelector("[data-under-way]");
  if (!here) return;
  if (document.visibilityState === "visible") await again(here);
  setTimeout(follow, every);
}

/** Puts the present steps in the place of those that are shown; at the end the page is loaded anew. */
async function again(here) {
  try {
    const answer = await fetch(location.pathname, { headers: itself });
    if (!answer.ok) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-under-way]");
    if (!now) location.reload();
    else if (now.innerHTML !== here.innerHTML && !here.contains(document.activeElement)) here.replaceWith(now);
  } catch {
    // offline: the next time tells
  }
}
