/** What a look is made of on the page: a tile, thumbs, a card a slot. */

import { el, icon, safeUrl } from "./dom.js";

/** Put a picture in its tile; the title's first letter stands in where there is none. */
export function fillTile(tile, { image, title }) {
  const src = image && safeUrl(image.url);
  if (tile.dataset.src === String(src)) return;
  tile.dataset.src = src;
  const { alt, width, height } = image ?? {};
  const picture = { src, alt, width, height, loading: "lazy", decoding: "async" };
  const letter = { text: title.slice(0, 1), "aria-hidden": "true" };
  tile.replaceChildren(src ? el("img", picture) : el("span", letter));
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
