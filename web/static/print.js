// Buttons that print the page, for whoever does not know the browser's own.

/** Has every button of the page print it. */
export function startPrint() {
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
}
