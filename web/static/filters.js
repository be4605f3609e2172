// Filters live in the address, without the names that are not set.

/** Starts listening. */
export function startFilters() {
  const form = document.getElementById("filters");
  if (!form) return;
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    location.assign(address(form));
  });
}

/** The address with what is set, and no empty names. */
function address(form) {
  const q = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (String(value).trim()) q.set(name, String(value).trim());
  const query = q.toString();
  return location.pathname + (query ? "?" + query : "");
}
