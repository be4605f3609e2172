// What a person decides about a conflict is sent and shown without leaving the page.
// Without scripts the same forms go to the server and back.

import { alertOf, toast } from "./toast.js";

const words = {
  sent: "The card has it now; the trackers are being written to.",
  held: "The card has it now. It is not written yet and waits in the plan.",
  done: "Put away; nothing has to be written.",
};

/** Starts listening. */
export function startConflicts() {
  document.addEventListener("submit", (e) => {
    const form = e.target.closest?.("form[data-decide]");
    if (!form) return;
    e.preventDefault();
    decide(form);
  });
}

async function decide(form) {
  const buttons = form.closest(".choices")?.querySelectorAll("button") ?? [];
  const busy = (on) => {
    for (const b of buttons) b.setAttribute("aria-disabled", String(on)); // not disabled: focus stays
  };
  if (Array.from(buttons).some((b) => b.getAttribute("aria-disabled") === "true")) return;
  busy(true);
  const { status, answer } = await send(form);
  if (status === 202) toast(words[answer.state] ?? words.done);
  else alertOf("The conflict stays as it was. " + reason(status, answer));
  if (status === 202 || status === 404 || status === 409) await renew(form.dataset.conflict);
  busy(false);
}

async function send(form) {
  try {
    const response = await fetch("/api/v1/conflicts/" + encodeURIComponent(form.dataset.conflict) + "/" + form.dataset.decide, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ op: form.elements.op.value }),
    });
    return { status: response.status, answer: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, answer: {} }; // nobody answered; the same op can be sent again
  }
}

function reason(status, answer) {
  if (status === 0) return "Parley did not answer; try again.";
  const why = answer.error || "Parley answered " + status;
  return why.charAt(0).toUpperCase() + why.slice(1) + (/[.!?]$/.test(why) ? "" : ".");
}

/** Asks for the page again and takes over what it says; focus stays with the conflict. */
async function renew(id) {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById("main");
    if (!next) return;
    document.getElementById("main").replaceWith(document.adoptNode(next));
  } catch {
    return; // the page shows what it showed before
  }
  const heading = document.getElementById("conflict-" + id + "-name") ?? document.getElementById("conflicts-name") ?? document.querySelector("#main h1");
  if (!heading) return;
  heading.closest("details")?.setAttribute("open", "");
  heading.tabIndex = -1;
  heading.focus();
}
