/** Looks that are kept (in this tab, and with the shopper where the API knows whom) and shared. */

const KEY = "ensemble-looks";

/** The looks kept in this tab: [{look, product, url}]. */
export function savedLooks() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return []; // Storage is blocked, or holds what is not ours.
  }
}

export const isSaved = (look) => savedLooks().some((kept) => kept.look === look);

/** Keep a look, or let it go; whether the account knows of it follows when the API answers. */
export async function save(api, entry, keep) {
  const looks = savedLooks().filter(({ look }) => look !== entry.look);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(keep ? [...looks, entry] : looks));
  } catch {
    if (!api.token) throw new Error("Storage is blocked");
  }
  if (!api.token) return;
  const sending = keep
    ? api.send("POST", "shopper/looks/", { look: entry.look })
    : api.send("DELETE", `shopper/looks/${entry.look}/`);
  // A server without accounts, or a shopper who does not want to be remembered: the tab has it.
  await sending.catch((error) => [403, 404].includes(error.status) || Promise.reject(error));
}

/** Hand an address to whom the shopper likes; true if it was copied instead. */
export async function share(title, url) {
  if (!navigator.share) return navigator.clipboard.writeText(url).then(() => true);
  await navigator.share({ title, url });
  return false;
}
