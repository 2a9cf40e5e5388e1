/** The drawer with a slot's other candidates; the browser minds its focus and the Escape key. */

import { fillTile } from "./card.js";
import { el, icon } from "./dom.js";

export class Drawer {
  constructor(text) {
    this.title = el("h2", { id: "choose" });
    this.options = el("ul", { role: "list" });
    const shut = { type: "button", class: "close", "aria-label": text.close, click: () => this.node.close() };
    const bar = el("div", { class: "bar" }, this.title, el("button", shut, icon("close")));
    const props = { part: "drawer", "aria-labelledby": "choose", closedby: "any" };
    this.node = el("dialog", props, bar, this.options);
  }

  /** Offer `products`, best first; `choose` is called with the one that is taken. */
  open(title, products, money, choose) {
    this.title.textContent = title;
    const option = (product, index) => {
      const tile = el("span", { class: "tile" });
      fillTile(tile, product, "6.5rem");
      const name = el("strong", { text: product.title });
      const words = el("span", {}, name, el("small", { text: product.brand }), money(product.price));
      const take = () => (this.node.close(), choose(product));
      const props = { type: "button", class: "option", part: "option", autofocus: !index, click: take };
      return el("li", {}, el("button", props, tile, words));
    };
    this.options.replaceChildren(...products.map(option));
    this.node.showModal();
    this.node.scrollTop = 0;
  }

  /** Settles when the drawer is closed: nothing changes under an open one. */
  async closed() {
    if (!this.node.open) return;
    await new Promise((resolve) => this.node.addEventListener("close", resolve, { once: true }));
  }
}
