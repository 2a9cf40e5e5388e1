/** One slot of the look on the page: its picture, its words, and what can be done with it. */

import { button, el, label, safeUrl, shown } from "./dom.js";
import { Thumbs } from "./thumbs.js";

/** The picture's files as `srcset`, without what is no address. */
function srcset({ sources = [] }) {
  return sources.flatMap(({ url, width }) => (url ? `${url} ${Number(width)}w` : [])).join(", ");
}

/** Put a picture in its tile; the title's first letter stands in where there is none. */
export function fillTile(tile, { image, title }, sizes = "(min-width: 46rem) 25vw, 50vw") {
  const src = image?.url;
  if (tile.dataset.src === String(src)) return;
  tile.dataset.src = src;
  const letter = el("span", { text: title.slice(0, 1), "aria-hidden": "true" });
  if (!src) return tile.replaceChildren(letter);
  const { alt, width, height } = image;
  // "auto" is the tile's own width, where the browser knows how; sizes comes before srcset,
  // and both before src, lest the full picture be fetched too.
  const lazy = { loading: "lazy", decoding: "async", sizes: `auto, ${sizes}`, srcset: srcset(image) };
  const error = () => tile.replaceChildren(letter); // its signed address ended, or it is gone
  tile.replaceChildren(el("img", { ...lazy, alt, width, height, src, error }));
}

/** `show` changes a card in place, so that focus stays where it is. */
export class Card {
  constructor(slot, text, on) {
    this.text = text;
    this.tile = el("div", { class: "tile", part: "picture" });
    this.slot = el("span", { part: "slot" });
    this.price = el("span", { class: "price", part: "price" });
    this.add = button("add", on.add, "", "bag");
    this.link = el("a", { part: "title", click: on.click });
    this.reason = el("span");
    this.undo = button("undo", on.undo, text.undo);
    this.ask = button("ask-why", on.why, text.why);
    this.lock = button("lock", on.lock, "", "lock");
    this.swap = button("swap", on.open, text.swap, "swap");
    this.swap.setAttribute("aria-haspopup", "dialog");
    this.restyle = button("swap restyle", on.restyle, text.restyle, "swap");
    this.thumbs = new Thumbs(text, on);
    const line = el("div", { class: "slot" }, this.slot, this.price, this.add);
    const why = el("p", { class: "why", part: "explanation" }, this.reason, this.undo);
    const words = el("div", { class: "words" }, line, el("h3", {}, this.link), why);
    const piece = el("div", { class: "piece" }, this.tile, words, this.lock);
    const actions = el("div", { class: "actions" }, this.swap, this.restyle, this.ask, this.thumbs.node);
    const props = { class: "item", part: "item", "data-slot": slot };
    this.node = el("li", props, piece, actions, this.thumbs.reasons);
  }

  /** `previous` is what an own choice replaced; `said` the thumb that is down, if any. */
  show({ item, product, previous, said, price, canSay, locked }) {
    const { text } = this;
    const { title } = product;
    this.#showProduct(product, price);
    this.slot.textContent = item.slot_label;
    this.reason.textContent = previous ? text.yourChoice : item.explanation;
    this.undo.setAttribute("aria-label", text.undoLabel(previous?.title));
    this.undo.hidden = !previous;
    this.ask.setAttribute("aria-label", text.whyLabel(title));
    shown(this.ask, !previous && (item.id || item.factors.length));
    this.lock.hidden = item.locked === undefined; // the server knows nothing of locks
    label(this.lock, text.lock(title), locked);
    this.swap.hidden = locked;
    this.swap.setAttribute("aria-label", text.swapLabel(item.slot_label));
    shown(this.swap, item.alternatives.length);
    this.restyle.hidden = !locked;
    label(this.add, text.add(title));
    shown(this.add, product.available);
    this.thumbs.show(title, said, canSay);
  }

  #showProduct(product, price) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.sku && this.sku !== product.sku && !calm) this.node.animate({ opacity: [0.25, 1] }, 350);
    this.sku = product.sku;
    fillTile(this.tile, product);
    this.node.classList.toggle("gone", !product.available);
    this.price.textContent = product.available ? price : this.text.soldOut;
    this.link.textContent = product.title;
    const href = safeUrl(product.url);
    if (href) this.link.href = href;
    else this.link.removeAttribute("href");
  }
}

/** A card's outline while there is nothing to show yet, as high as a card will be. */
export function skeleton() {
  const line = (style) => el("div", { class: style }, el("span", { class: "bone" }));
  const words = el("div", { class: "words" }, line("slot"), line("line"));
  const piece = el("div", { class: "piece" }, el("div", { class: "tile bone" }), words);
  return el("li", { class: "item", "aria-hidden": "true" }, piece, el("div", { class: "actions" }));
}
