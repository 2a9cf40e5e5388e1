/** Looks that are kept (in this tab, and with the shopper where the API knows whom) and shared. */

const KEY = "ensemble-looks";

/** The looks kept in this tab: [{look, product, pieces, url}]. */
export function savedLooks() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return []; // Storage is blocked, or holds what is not ours.
  }
}

/** The address of a look's page that shows these pieces (SKUs); null without one. */
export const showing = (pieces, url) =>
  url && `${url.split("?")[0]}?${new URLSearchParams(pieces.map((sku) => ["piece", sku]))}`;

/** Whether a look is kept as it is shown, with these pieces (SKUs). */
export const isSaved = ({ look, pieces }) =>
  savedLooks().some((kept) => kept.look === look && String(kept.pieces) === String(pieces));

/**
 * Keep a look, or let it go: with the account of whom the API knows, by token or cookie, and here.
 *
 * The API is always asked, for a cookie is not to be seen from here.
 */
export async function save(api, entry, keep) {
  const sending = keep
    ? api.send("POST", "shopper/looks/", { look: entry.look, pieces: entry.pieces })
    : api.send("DELETE", `shopper/looks/${entry.look}/`);
  // A stranger, one who does not want to be remembered, a server without accounts: the tab has it.
  const known = await sending.then(() => true, (error) => {
    if (![401, 403, 404].includes(error.status)) throw error;
    // A look of a stranger's would else be forgotten with their session.
    if (keep) return api.send("POST", `looks/${entry.look}/keep/`);
  });
  const looks = savedLooks().filter((kept) => kept.look !== entry.look);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(keep ? [...looks, entry] : looks));
  } catch (error) {
    if (!known) throw error;
  }
}

/** Hand an address to whom the shopper likes; true if it was copied instead. */
export function share(title, url) {
  return navigator.share?.({ title, url }) ?? navigator.clipboard.writeText(url).then(() => true);
}
