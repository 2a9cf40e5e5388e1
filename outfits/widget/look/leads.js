/** Where a reason leads: the API names a kind and an address. */

import { safeUrl } from "./dom.js";

/** An address, something to do, or nothing; `todo` has what to do for each kind that is the API's own. */
export function leadOf(to, api, profile, todo) {
  const base = api.url("");
  const href = to && safeUrl(to.href, base);
  if (to?.kind === "profile") return safeUrl(profile);
  return href?.startsWith(base) ? todo[to.kind] && (() => todo[to.kind](href)) : href;
}
