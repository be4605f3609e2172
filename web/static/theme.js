// Light, dark, or as the system has it: kept in a cookie, so that the server draws it right.

const turns = { auto: "light", light: "dark", dark: "auto" };
const words = { auto: "Theme: as the system has it", light: "Theme: light", dark: "Theme: dark" };

/** Makes the theme button turn. */
export function startTheme() {
  const button = document.getElementById("theme");
  if (!button) return;
  name(button);
  button.addEventListener("click", () => {
    const next = turns[current()] ?? "auto";
    document.documentElement.dataset.theme = next;
    document.cookie = "theme=" + next + "; path=/; max-age=31536000; samesite=lax";
    name(button);
  });
}

const current = () => document.documentElement.dataset.theme || "auto";

function name(button) {
  button.title = words[current()];
  button.setAttribute("aria-label", words[current()]);
}
