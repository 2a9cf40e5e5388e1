/** A slot's other candidates, to choose one from. */

import { fillTile } from "./card.js";
import { button, el } from "./dom.js";

/** A list of `products`, best first; `choose` is called with the one that is taken. */
export function options(products, money, choose) {
  const option = (product, index) => {
    const tile = el("span", { class: "tile" });
    fillTile(tile, product, "6.5rem");
    const name = el("strong", { text: product.title });
    const words = el("span", {}, name, el("small", { text: product.brand }), money(product.price));
    const node = button("option", () => choose(product));
    node.autofocus = !index;
    node.append(tile, words);
    return el("li", {}, node);
  };
  return el("ul", { role: "list" }, ...products.map(option));
}
