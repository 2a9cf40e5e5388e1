/**
 * <complete-the-look product="SKU" api="/api/v1" occasion="work" heading="Complete the look">
 *
 * Shows what goes with a product, takes thumbs and swaps, and tells Ensemble's API.
 * Load it with <script type="module" src="complete-the-look.js">: no framework, no build step.
 *
 * Pictures are described, and prices written, in the language of the nearest `lang` attribute.
 *
 * Events (they bubble, out of the shadow, too): ctl:impression, ctl:click, ctl:feedback, ctl:swap.
 * Variables: --ctl-ink, --ctl-muted, --ctl-line, --ctl-tile, --ctl-paper, --ctl-radius, --ctl-gap,
 * --ctl-ratio and --ctl-fit (of pictures), --ctl-font, --ctl-display. Parts: heading, status,
 * message, items, item, picture, slot, title, price, explanation, swap, thumbs, thumb, like,
 * dislike, footer, total, note, drawer, option. Light or dark follows the page's `color-scheme`.
 *
 * Whatever the API sends is shown as text, never parsed as markup: catalogs are not to be trusted.
 */

import { LookApi, uuid } from "./look/api.js";
import { Card, Thumbs } from "./look/card.js";
import { el } from "./look/dom.js";
import { Drawer } from "./look/drawer.js";
import { CSS } from "./look/style.js";
import { TEXT } from "./look/words.js";

const GIVE_UP_AFTER_MS = 60_000;
const SKELETON_ITEMS = 4;

export class CompleteTheLook extends HTMLElement {
  static observedAttributes = ["product", "api", "occasion", "heading", "lang"];
  /** Every word the widget says by itself; assign before the first use to translate. */
  static text = TEXT;

  #parts = null;
  #api = null;
  #look = null;
  #running = null; // aborts what is under way for the current product
  #cards = new Map(); // slot -> Card
  #chosen = new Map(); // slot -> [{product, event}]: the shopper's own choices, the latest last
  #said = new Map(); // item and product, or "look" -> {kind, event}: the thumbs that are pressed

  connectedCallback() {
    this.#parts ??= this.#build(this.constructor.text);
    this.#start();
  }

  disconnectedCallback() {
    this.#running?.abort();
    this.#running = null;
  }

  attributeChangedCallback() {
    if (this.#running) this.#start();
  }

  #build(text) {
    const again = { type: "button", class: "again", text: text.again, click: () => this.#start() };
    const p = {
      heading: el("h2", { id: "heading", part: "heading" }),
      status: el("p", { class: "status", part: "status", role: "status" }),
      noteText: el("p"),
      again: el("button", again),
      items: el("ul", { class: "items", part: "items", role: "list" }),
      total: el("b", { part: "total" }),
      thumbs: new Thumbs((kind) => this.#press(null, kind)),
      aside: el("p", { class: "aside", part: "note", role: "status" }),
      drawer: new Drawer(text),
    };
    p.note = el("div", { class: "note", part: "message", role: "status" }, p.noteText, p.again);
    p.sum = el("p", { class: "sum" }, el("span", { text: text.total }), p.total);
    p.ask = el("div", { class: "ask" }, el("span", { text: text.question }), p.thumbs.node);
    p.footer = el("footer", { part: "footer" }, p.sum, p.ask);
    const header = el("header", {}, p.heading, p.status);
    p.section = el("section", { "aria-labelledby": "heading" });
    p.section.append(header, p.note, p.items, p.footer, p.aside);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(p.section, p.drawer.node);
    return p;
  }

  get #text() {
    return this.constructor.text;
  }

  /** The page's language, also from within a shadow; undefined where it does not say. */
  get #language() {
    return this.closest("[lang]")?.lang || document.documentElement.lang || undefined;
  }

  // --- Loading ------------------------------------------------------------------------------

  #start() {
    this.#running?.abort();
    this.#running = new AbortController();
    this.#api = new LookApi(this.getAttribute("api") ?? "/api/v1");
    this.#look = null;
    for (const kept of [this.#cards, this.#chosen, this.#said]) kept.clear();
    this.#parts.heading.textContent = this.getAttribute("heading") ?? this.#text.heading;
    this.#parts.items.replaceChildren(...Array.from({ length: SKELETON_ITEMS }, skeleton));
    this.#layout({ busy: true, status: this.#text.loading });
    this.#load(this.#running.signal);
  }

  /** Ask, show, and ask again while the look is provisional; give up politely after a minute. */
  async #load(signal) {
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    while (!signal.aborted) {
      let seconds;
      try {
        seconds = await this.#refresh(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!this.#look) return this.#fail(error);
        seconds = error.retryAfter || 5;
      }
      if (!seconds) return;
      if (performance.now() + seconds * 1000 > giveUpAt) return this.#draw({ gaveUp: true });
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }

  /** Show the look as it is now; the seconds after which to ask again, or 0. */
  async #refresh(signal) {
    const product = this.getAttribute("product") ?? "";
    const wish = { occasion: this.getAttribute("occasion"), lang: this.#language };
    const look = await this.#api.look(product, wish, signal);
    await this.#parts.drawer.closed();
    if (signal.aborted) return 0;
    this.#receive(look);
    return look.status === "provisional" ? (look.retry_after_seconds ?? 2) : 0;
  }

  #receive(look) {
    const before = this.#look;
    this.#look = look;
    for (const { slot, product, alternatives } of look.items) {
      // A choice made while the stylist was thinking stands, if it is still on offer.
      const mine = this.#chosen.get(slot)?.at(-1).product.sku;
      const stands = mine !== product.sku && alternatives.some(({ sku }) => sku === mine);
      if (!stands) this.#chosen.delete(slot);
    }
    this.#draw();
    if (before?.status === "provisional" && look.status === "ranked") this.#tell(this.#text.refined);
    if (!before && look.items.length) this.#watch();
  }

  #fail(error) {
    if (error.status === 404) return this.#layout({ note: this.#text.empty });
    const note = error.status === 429 ? this.#text.busy : this.#text.failed;
    return this.#layout({ note, again: true });
  }

  // --- Showing ------------------------------------------------------------------------------

  /** What is seen; no height changes between skeleton, provisional and ranked. */
  #layout({ busy = false, status = "", note = "", again = false, total = "", canSay = false }) {
    const p = this.#parts;
    p.section.classList.toggle("busy", busy);
    p.section.setAttribute("aria-busy", busy);
    if (p.status.textContent !== status) p.status.textContent = status;
    p.noteText.textContent = note;
    p.note.hidden = !note;
    p.again.hidden = !again;
    p.items.hidden = p.footer.hidden = p.aside.hidden = Boolean(note);
    p.total.textContent = total;
    p.sum.style.visibility = total ? "" : "hidden";
    p.ask.style.visibility = canSay ? "" : "hidden";
  }

  #draw({ gaveUp = false } = {}) {
    const { id, items, status, message, stylist } = this.#look;
    if (!items.length) return this.#layout({ note: this.#text.empty });
    const said = gaveUp ? this.#text.gaveUp : (message ?? "");
    const busy = status === "provisional" && !gaveUp;
    this.#layout({ busy, status: said, total: this.#total(), canSay: Boolean(id) });
    this.#place(items.map((item) => this.#card(item).node));
    const { like, dislike, wholeLook } = this.#text;
    this.#parts.thumbs.show([like(wholeLook), dislike(wholeLook)], this.#said.get("look")?.kind);
    this.#parts.aside.textContent = stylist ? this.#text.stylist(stylist) : "";
  }

  /** The cards in their order; where they lie so already they are not touched, and keep focus. */
  #place(nodes) {
    const { items } = this.#parts;
    const same = nodes.length === items.children.length && nodes.every((n, i) => n === items.children[i]);
    if (!same) items.replaceChildren(...nodes);
  }

  #card(item) {
    const { slot } = item;
    const on = { click: () => this.#click(slot), press: (kind) => this.#press(slot, kind) };
    Object.assign(on, { open: () => this.#open(slot), undo: () => this.#undo(slot) });
    if (!this.#cards.has(slot)) this.#cards.set(slot, new Card(slot, on));
    const product = this.#shown(item);
    const mine = this.#chosen.get(slot);
    this.#cards.get(slot).show({
      item,
      product,
      previous: mine && (mine.at(-2)?.product ?? item.product),
      pressed: this.#said.get(this.#key(item))?.kind,
      price: this.#money(product.price),
      canSay: Boolean(this.#look.id && item.id),
      text: this.#text,
    });
    return this.#cards.get(slot);
  }

  #item(slot) {
    return this.#look.items.find((item) => item.slot === slot);
  }

  #shown(item) {
    return this.#chosen.get(item.slot)?.at(-1).product ?? item.product;
  }

  #key(item) {
    return item ? `${item.id} ${this.#shown(item).sku}` : "look";
  }

  #total() {
    const { anchor, items } = this.#look;
    const prices = [anchor, ...items.map((item) => this.#shown(item))].map(({ price }) => price);
    const { currency } = prices[0];
    if (prices.some((price) => price.currency !== currency)) return "";
    const cents = prices.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0);
    return this.#money({ amount: cents / 100, currency });
  }

  #money({ amount, currency }) {
    try {
      return new Intl.NumberFormat(this.#language, { style: "currency", currency }).format(amount);
    } catch {
      return `${amount} ${currency}`; // Not a currency, or not a language, that the browser knows.
    }
  }

  #tell(words) {
    this.#parts.aside.textContent = words;
  }

  // --- What shoppers do ---------------------------------------------------------------------

  /** Press a thumb, change it by pressing the other, take it back by pressing it again. */
  async #press(slot, kind) {
    const item = slot && this.#item(slot);
    const key = this.#key(item);
    const look = this.#look.id;
    const about = { item: item?.id ?? null, product: item ? this.#shown(item).sku : "" };
    const before = this.#said.get(key);
    const now = before?.kind === kind ? undefined : { kind, event: uuid() };
    this.#mark(key, now);
    try {
      const answer = now
        ? await this.#api.say(look, { id: now.event, kind, ...about })
        : await this.#api.takeBack(look, before.event);
      this.#tell(answer?.detail ?? this.#text.takenBack);
      this.#emit("feedback", { look, kind: now?.kind ?? null, ...about });
    } catch {
      if (this.#said.get(key) === now) this.#mark(key, before);
      this.#tell(this.#text.notSaved);
    }
  }

  #mark(key, said) {
    if (said) this.#said.set(key, said);
    else this.#said.delete(key);
    this.#draw();
  }

  #open(slot) {
    const item = this.#item(slot);
    const { sku } = this.#shown(item);
    const others = [item.product, ...item.alternatives].filter((product) => product.sku !== sku);
    const title = this.#text.choose(item.slot_label);
    this.#parts.drawer.open(title, others, (price) => this.#money(price), (p) => this.#swap(slot, p));
  }

  async #swap(slot, product) {
    const item = this.#item(slot);
    const look = this.#look.id;
    const detail = { item: item.id, product: this.#shown(item).sku, replacement: product.sku };
    const event = look && item.id ? uuid() : null;
    this.#chosen.set(slot, [...(this.#chosen.get(slot) ?? []), { product, event }]);
    this.#draw();
    this.#cards.get(slot).undo.focus();
    this.#tell(this.#text.swapped(product.title));
    this.#emit("swap", { look, ...detail, undone: false });
    if (event) await this.#send(this.#api.say(look, { id: event, kind: "swap", ...detail }));
  }

  async #undo(slot) {
    const item = this.#item(slot);
    const look = this.#look.id;
    const mine = this.#chosen.get(slot);
    const { product, event } = mine.pop();
    if (!mine.length) this.#chosen.delete(slot);
    const back = this.#shown(item);
    this.#draw();
    this.#cards.get(slot).swap.focus();
    this.#tell(this.#text.restored(back.title));
    const detail = { item: item.id, product: product.sku, replacement: back.sku };
    this.#emit("swap", { look, ...detail, undone: true });
    if (event) await this.#send(this.#api.takeBack(look, event));
  }

  async #send(sending) {
    await sending.catch(() => this.#tell(this.#text.notSaved));
  }

  #click(slot) {
    const item = this.#item(slot);
    this.#emit("click", { look: this.#look.id, item: item.id, slot, product: this.#shown(item).sku });
  }

  /** Emit ctl:impression once the look is really in view. */
  #watch() {
    const seen = ([entry], observer) => {
      if (!entry.isIntersecting || !this.#look) return;
      observer.disconnect();
      const { id, status, items } = this.#look;
      const products = items.map((item) => this.#shown(item).sku);
      this.#emit("impression", { look: id, status, products });
    };
    new IntersectionObserver(seen, { threshold: 0.25 }).observe(this);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`ctl:${name}`, { bubbles: true, composed: true, detail }));
  }
}

/** A card's outline while there is nothing to show yet, as high as a card will be. */
function skeleton() {
  const line = (style, text) => el("div", { class: style }, el("span", { class: "bone", text }));
  const words = el("div", { class: "words" }, line("slot", "Something"), line("", "Something fine"));
  const piece = el("div", { class: "piece" }, el("div", { class: "tile bone" }), words);
  return el("li", { class: "item", "aria-hidden": "true" }, piece, el("div", { class: "actions" }));
}

if (!customElements.get("complete-the-look")) {
  customElements.define("complete-the-look", CompleteTheLook);
}
