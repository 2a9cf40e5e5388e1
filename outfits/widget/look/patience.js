/** When to ask for a look again: often while it is being made, then ever more rarely. */

const STYLIST_TAKES_AT_MOST_S = 60;
const RAREST_S = 60;
const GIVE_UP_AFTER_S = 900;

export class Patience {
  #began = performance.now();
  #pause = 2;

  /** Seconds to wait, at least `after`, and whether the stylist takes too long; null: no more. */
  next(status, after) {
    const age = (performance.now() - this.#began) / 1000;
    const soon = status === "provisional" && age + after < STYLIST_TAKES_AT_MOST_S;
    if (!soon) after = Math.max(after, (this.#pause = Math.min(RAREST_S, this.#pause * 2)));
    const enough = status === "ranked" || age + after > GIVE_UP_AFTER_S;
    return { seconds: enough ? null : after, late: status === "provisional" && !soon };
  }
}

export const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
