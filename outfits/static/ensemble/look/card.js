/** What a look is made of on the page: a tile, thumbs, a card a slot. */

import { el, icon, safeUrl } from "./dom.js";

/** The picture's files as `srcset`, without what is no address. */
function srcset({ sources = [] }) {
  const usable = sources.filter(({ url }) => safeUrl(url));
  return usable.map(({ url, width }) => `${safeUrl(url)} ${Number(width)}w`).join(", ");
}

/** Put a picture in its tile; the title's first letter stands in where there is none. */
export function fillTile(tile, { image, title }, sizes = "(min-width: 46rem) 25vw, 50vw") {
  const src = image && safeUrl(image.url);
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

/** A like and a dislike, of which at most one is pressed. */
export class Thumbs {
  constructor(press) {
    this.like = this.#button("like", "thumb", press);
    this.dislike = this.#button("dislike", "thumb down", press);
    this.node = el("div", { class: "thumbs", part: "thumbs" }, this.like, this.dislike);
  }

  #button(kind, style, press) {
    const props = { type: "button", class: style, part: `thumb ${kind}` };
    return el("button", { ...props, click: () => press(kind) }, icon("thumb"));
  }

  show([like, dislike], pressed) {
    const sides = [["like", this.like, like], ["dislike", this.dislike, dislike]];
    for (const [kind, button, label] of sides) {
      button.setAttribute("aria-pressed", kind === pressed);
      button.setAttribute("aria-label", label);
      button.title = label;
    }
  }
}

/** One slot of the look; `show` changes it in place, so that focus stays where it is. */
export class Card {
  constructor(slot, on) {
    const button = { type: "button", part: "swap" };
    const opens = { ...button, class: "swap", "aria-haspopup": "dialog", click: on.open };
    this.tile = el("div", { class: "tile", part: "picture" });
    this.slot = el("span", { part: "slot" });
    this.price = el("span", { class: "price", part: "price" });
    this.link = el("a", { part: "title", click: on.click });
    this.reason = el("span");
    this.undo = el("button", { ...button, class: "undo", click: on.undo });
    this.swap = el("button", opens, icon("swap"), el("span"));
    this.thumbs = new Thumbs(on.press);
    const line = el("div", { class: "slot" }, this.slot, this.price);
    const why = el("p", { class: "why", part: "explanation" }, this.reason, " ", this.undo);
    const words = el("div", { class: "words" }, line, el("h3", {}, this.link), why);
    const piece = el("div", { class: "piece" }, this.tile, words);
    const actions = el("div", { class: "actions" }, this.swap, this.thumbs.node);
    this.node = el("li", { class: "item", part: "item", "data-slot": slot }, piece, actions);
  }

  /** `previous` is what an own choice replaced; `pressed` the thumb that is down, if any. */
  show({ item, product, previous, pressed, price, canSay, text }) {
    this.#showProduct(product, price, text);
    this.slot.textContent = item.slot_label;
    this.reason.textContent = previous ? text.yourChoice : item.explanation;
    this.undo.textContent = text.undo;
    this.undo.setAttribute("aria-label", text.undoLabel(previous?.title));
    this.undo.hidden = !previous;
    this.swap.lastChild.textContent = text.swap;
    this.swap.setAttribute("aria-label", text.swapLabel(item.slot_label));
    this.swap.style.visibility = item.alternatives.length ? "" : "hidden";
    this.thumbs.node.style.visibility = canSay ? "" : "hidden";
    this.thumbs.show([text.like(product.title), text.dislike(product.title)], pressed);
  }

  #showProduct(product, price, text) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.sku && this.sku !== product.sku && !calm) this.node.animate({ opacity: [0.25, 1] }, 350);
    this.sku = product.sku;
    fillTile(this.tile, product);
    this.price.textContent = product.available ? price : text.soldOut;
    this.link.textContent = product.title;
    const href = safeUrl(product.url);
    if (href) this.link.href = href;
    else this.link.removeAttribute("href");
  }
}
