/** A like and a dislike, of which at most one is pressed, and the reasons for a dislike. */

import { button, el, label, shown } from "./dom.js";

export class Thumbs {
  constructor(text, { press, because }) {
    this.text = text;
    this.thumbs = ["like", "dislike"].map((kind) => {
      return [kind, button(`thumb ${kind}`, () => press(kind), "", "thumb")];
    });
    this.node = el("div", { class: "thumbs", part: "thumbs" }, ...this.thumbs.map(([, thumb]) => thumb));
    const chip = (reason) => [reason, button("chip", () => because(reason), text.reasons[reason])];
    this.chips = Object.keys(text.reasons).map(chip);
    const props = { class: "chips", part: "reasons", role: "group", "aria-label": text.reason, hidden: true };
    const why = el("p", { text: text.reason, "aria-hidden": "true" });
    this.reasons = el("div", props, why, ...this.chips.map(([, node]) => node));
  }

  /** `said` is {kind, reasons} of the thumb that is pressed, if any, about `what`. */
  show(what, said, canSay) {
    shown(this.node, canSay);
    for (const [kind, thumb] of this.thumbs) label(thumb, this.text[kind](what), kind === said?.kind);
    this.reasons.hidden = said?.kind !== "dislike";
    for (const [reason, node] of this.chips) {
      node.setAttribute("aria-pressed", said?.reasons.includes(reason) ?? false);
    }
  }
}
