// Whether the reader is still let in. Who is not is led to the door by the page itself.

/** Headers of what a page asks for by itself: nobody need be there, so it keeps no sign-in alive. */
export const itself = { Accept: "text/html", "X-Parley-Auto": "1" };

/** Asks, without counting as somebody who is there, and loads the page again if not. */
export async function stillIn() {
  try {
    const answer = await fetch("/api/v1/events", { method: "HEAD", cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) location.reload();
  } catch {
    // offline: the stream says so
  }
}
