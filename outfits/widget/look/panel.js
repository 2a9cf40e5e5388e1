/** A drawer over the page; the browser minds its focus and the Escape key. */

import { button, el, label } from "./dom.js";

export class Panel {
  constructor(text) {
    this.title = el("h2", { id: "panel" });
    this.body = el("div");
    this.shut = button("close", () => this.node.close(), "", "close");
    label(this.shut, text.close);
    const bar = el("div", { class: "bar" }, this.title, this.shut);
    const props = { part: "drawer", "aria-labelledby": "panel", closedby: "any" };
    this.node = el("dialog", props, bar, this.body);
  }

  open(title, ...nodes) {
    this.title.textContent = title;
    this.fill(...nodes);
    if (!this.node.open) this.node.showModal();
    this.node.scrollTop = 0;
  }

  /** Change what is shown; focus in it does not get lost. */
  fill(...nodes) {
    const focused = this.body.matches(":focus-within");
    this.body.replaceChildren(...nodes);
    if (focused) this.shut.focus();
  }

  /** Settles when the drawer is closed: nothing changes under an open one. */
  async closed() {
    const { node } = this;
    if (node.open) await new Promise((resolve) => node.addEventListener("close", resolve, { once: true }));
  }
}
