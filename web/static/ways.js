// Where a card can go, and why not elsewhere, as the server knows it.

/** Gives column → reason for the columns that a card cannot go to, null where that is not known. */
export async function waysOf(id) {
  try {
    const response = await fetch("/api/v1/cards/" + encodeURIComponent(id), { headers: { Accept: "application/json" } });
    const { targets } = response.ok ? await response.json() : {};
    if (!Array.isArray(targets)) return null;
    return new Map(targets.filter((t) => !t.ok).map((t) => [t.column, t.reason || "it cannot go there"]));
  } catch {
    return null;
  }
}
