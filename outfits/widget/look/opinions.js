/** What a shopper says of a look: shown at once, sent in order, and lifted again if it fails. */

import { uuid } from "./api.js";

export class Opinions {
  #said = new Map(); // key -> {kind, event, reasons}: the thumbs that are pressed

  /** `changed` is called when a thumb is to be drawn otherwise, `told` with (name, detail). */
  constructor(api, { changed, answered, refused }) {
    Object.assign(this, { api, changed, answered, refused });
  }

  /** The thumb that is pressed about something shown: {kind, reasons}, or undefined. */
  of(about) {
    return this.#said.get(keyOf(about));
  }

  /** Press a thumb, change it by pressing the other, take it back by pressing it again. */
  press(about, kind) {
    return this.#say(about, this.of(about)?.kind === kind ? undefined : { kind, event: uuid(), reasons: [] });
  }

  /** Add a reason to a thumb down, or take it away: what was said before is replaced. */
  because(about, reason) {
    const { kind, reasons } = this.of(about);
    const others = reasons.filter((other) => other !== reason);
    if (others.length === reasons.length) others.push(reason);
    return this.#say(about, { kind, event: uuid(), reasons: others });
  }

  /** Tell of a swap; the id under which it can be taken back, or null if nothing was stored. */
  swap({ look, item, product }, replacement) {
    if (!look || !item) return null;
    const id = uuid();
    this.#send("POST", look, "", { id, kind: "swap", item, product, replacement }).catch(this.refused);
    return id;
  }

  takeBack(look, event) {
    this.#send("DELETE", look, event).catch(this.refused);
  }

  async #say(about, now) {
    const { look, ...what } = about;
    const key = keyOf(about);
    const before = this.#said.get(key);
    const { kind = null, event: id, reasons = [] } = now ?? {};
    this.#mark(key, now);
    try {
      const body = { id, kind, ...what, ...(reasons.length && { reasons }) };
      const answer = await (now ? this.#send("POST", look, "", body) : this.#send("DELETE", look, before.event));
      this.answered(answer?.detail, { look, kind, reasons, ...what });
    } catch {
      if (this.#said.get(key) === now) this.#mark(key, before);
      this.refused();
    }
  }

  #mark(key, said) {
    if (said) this.#said.set(key, said);
    else this.#said.delete(key);
    this.changed();
  }

  /** What is said counts once, however often it is sent: it has an id. */
  #send(method, look, event, body) {
    return this.api.send(method, `looks/${look}/feedback/${event && `${event}/`}`, body);
  }
}

const keyOf = ({ look, item, product }) => `${look} ${item} ${product}`;
