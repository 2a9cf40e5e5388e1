/** Above the look: for what occasion, within what budget, which of several looks, from what photo. */

import { button, el, label, shown } from "./dom.js";

export class Tools {
  /** `change` is called with what is wished for otherwise, `photo` when one is to be chosen. */
  constructor(text, { change, photo }) {
    this.text = text;
    const pick = (name) => {
      if (!this[name].reportValidity()) return;
      this.typing = false;
      change({ [name]: this[name].value, number: "" });
    };
    this.occasion = el("select", { id: "occasion", part: "occasion", change: () => pick("occasion") });
    const money = { type: "number", min: 0, step: "any", inputmode: "decimal", placeholder: text.anyBudget };
    const typed = { input: () => (this.typing = true), change: () => pick("budget") };
    this.budget = el("input", { ...money, id: "budget", part: "budget", ...typed });
    this.currency = el("span");
    this.photo = button("photo", photo, text.photo, "photo");
    this.page = el("span", { "aria-live": "polite" });
    const turn = (style, step) => {
      const to = () => change({ number: ((this.number - 1 + step + this.count) % this.count) + 1 });
      const node = button(style, to, "", "next");
      label(node, text[style]);
      return node;
    };
    const field = (node, text, ...more) => el("label", { for: node.id }, el("span", { text }), node, ...more);
    this.within = field(this.budget, text.budget, this.currency);
    this.pages = el("div", { class: "pages", part: "pages" }, turn("previous", -1), this.page, turn("next", 1));
    const fields = [field(this.occasion, text.occasion), this.within, this.photo, this.pages];
    this.node = el("div", { class: "tools", part: "tools", role: "group", "aria-label": text.tools }, ...fields);
    // Nothing is known yet: the place is taken, so that nothing moves later.
    for (const node of fields) shown(node, false);
  }

  /** Show `wish` among what `look` says that there is. */
  show({ occasions = [], budget, number, count, anchor }, wish) {
    const choices = [{ value: "", label: this.text.anyOccasion }, ...occasions];
    if (this.occasion.options.length !== choices.length) {
      this.occasion.replaceChildren(...choices.map(({ value, label: text }) => el("option", { value, text })));
    }
    this.occasion.value = wish.occasion ?? "";
    // A look that arrives takes nobody's half-written amount away.
    if (!this.typing) this.budget.value = wish.budget ?? "";
    this.currency.textContent = anchor.price?.currency ?? "";
    Object.assign(this, { number, count });
    this.page.textContent = this.text.page(number, count);
    shown(this.occasion.parentNode, occasions.length);
    shown(this.within, budget !== undefined);
    this.photo.lastChild.textContent = wish.photo ? this.text.photoBack : this.text.photo;
    shown(this.pages, count > 1);
  }
}
