/**
 * <complete-the-look product="SKU" api="/api/v1" occasion="work" budget="200" heading="…" key="…" token="…">
 *
 * Shows what goes with a product, lets shoppers change it and say what they think, and tells
 * Ensemble's API. Load it with <script type="module" src="complete-the-look.js">.
 *
 * docs/widget.md names all attributes, events, variables and parts.
 * Whatever the API sends is shown as text, never parsed as markup: catalogs are not to be trusted.
 */

import { LookApi } from "./look/api.js";
import { Card } from "./look/card.js";
import { el, safeUrl, shown } from "./look/dom.js";
import { leadOf } from "./look/leads.js";
import { moneyIn, sum } from "./look/money.js";
import { Opinions } from "./look/opinions.js";
import { options } from "./look/options.js";
import { Patience, sleep } from "./look/patience.js";
import { photoForm, takesPhotos } from "./look/photo.js";
import { isSaved, save, share, showing } from "./look/saved.js";
import { CSS } from "./look/style.js";
import { View } from "./look/view.js";
import { showWhy } from "./look/why.js";
import { words } from "./look/words.js";

const NEAR = "600px"; // from the viewport: look for a look
const WISHES = ["occasion", "budget", "region", "temperature", "wet"]; // attributes, asked for as they are

export class CompleteTheLook extends HTMLElement {
  static observedAttributes = ["product", "api", "heading", "lang", ...WISHES];
  /** The shop's own words, in place of those in look/words.js; assign before the first use. */
  static text = {};

  #view = null;
  #text = null;
  #api = new LookApi(this);
  #look = null;
  #wish = null; // what the look shown was asked for with
  #next = {}; // the wish that is asked for: what is changed meanwhile is changed in it
  #running = null; // aborts what is under way
  #cards = new Map(); // slot -> Card
  #chosen = new Map(); // slot -> [{product, event}]: the shopper's own choices, the latest last
  #locked = new Set(); // slots that stay when the rest is restyled
  #impressed = new Set(); // ids of looks that were seen
  #opinions = new Opinions(this.#api, {
    changed: () => this.#draw(),
    answered: (detail, said) => {
      this.#tell(detail ?? this.#text.takenBack);
      this.#emit("feedback", said);
    },
    refused: () => this.#tell(this.#text.notSaved),
  });

  connectedCallback() {
    this.#api.gone = () => this.#ask(this.#wish);
    this.refresh();
  }

  disconnectedCallback() {
    this.#running?.abort();
    this.#running = null;
  }

  attributeChangedCallback() {
    if (this.#running) this.refresh();
  }

  /** Begin anew, such as after `token` has changed. */
  refresh() {
    this.#text = { ...words(this.#api.language), ...this.constructor.text };
    const first = !this.shadowRoot;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    for (const kept of [this.#cards, this.#chosen, this.#locked, this.#impressed]) kept.clear();
    this.#look = null;
    this.#view = new View(this.#text, this.getAttribute("heading") ?? this.#text.heading, {
      again: () => this.refresh(),
      change: (wish) => this.#change(wish),
      photo: () => this.#photo(),
      press: (kind) => this.#opinions.press(this.#about(), kind),
      because: (reason) => this.#opinions.because(this.#about(), reason),
      addAll: () => this.#add(this.#pieces()),
      save: () => this.#save(),
      share: () => this.#share(),
    });
    // What the server wrote between the tags stands until there is an answer.
    const written = first && this.firstElementChild;
    root.replaceChildren(written ? el("slot") : this.#view.section, this.#view.panel.node);
    this.#wish = Object.fromEntries(WISHES.map((name) => [name, this.getAttribute(name)]));
    this.#wish.product = this.getAttribute("product") ?? "";
    this.#running?.abort();
    this.#running = new AbortController();
    this.#seen({ rootMargin: NEAR }, () => this.#ask(this.#wish));
  }

  /** Call `then` once, when the widget is in view, unless something else has begun by then. */
  #seen(margin, then) {
    const { signal } = this.#running;
    const observer = new IntersectionObserver(([entry]) => {
      if (signal.aborted) observer.disconnect();
      else if (entry.isIntersecting) observer.disconnect(), then();
    }, margin);
    observer.observe(this);
  }

  // --- Loading ------------------------------------------------------------------------------

  /** Ask, show, and ask again while it may get better. */
  async #ask(wish) {
    this.#running?.abort();
    const { signal } = (this.#running = new AbortController());
    this.#next = wish;
    const patience = new Patience();
    const view = this.#view;
    view.busy(true, this.#text.loading);
    for (let late = false; !signal.aborted; ) {
      let after = 2;
      try {
        const look = await this.#api.look({ ...wish, lang: this.#api.language }, signal);
        await view.panel.closed();
        if (signal.aborted) return;
        this.#receive(late ? this.#settle(look) : look, wish);
        after = look.retry_after_seconds ?? after;
      } catch (error) {
        if (signal.aborted) return;
        if (this.#wish !== wish || !this.#look) return this.#fail(error);
        after = error.retryAfter || 5;
      }
      const next = patience.next(this.#look.status, after);
      if (next.late) this.#receive(this.#settle(this.#look), wish);
      late ||= next.late;
      if (!next.seconds) return;
      await sleep(next.seconds);
    }
  }

  /** The look with no more promise of a better one; should that come, it is shown all the same. */
  #settle(look) {
    return look.status === "provisional" ? { ...look, status: "unranked", message: this.#text.late } : look;
  }

  #receive(look, wish) {
    const before = this.#look;
    const same = before && wish === this.#wish;
    if (!same) for (const kept of [this.#chosen, this.#locked]) kept.clear();
    for (const { slot, product, alternatives, locked } of look.items) {
      // What was chosen or locked while the stylist was thinking stands, if it is still on offer.
      const mine = this.#chosen.get(slot)?.at(-1).product ?? (this.#locked.has(slot) && this.#item(slot)?.product);
      const stands = mine && mine.sku !== product.sku && alternatives.some(({ sku }) => sku === mine.sku);
      if (!stands) this.#chosen.delete(slot);
      else if (!this.#chosen.has(slot)) this.#chosen.set(slot, [{ product: mine }]);
      if (locked) this.#locked.add(slot);
    }
    this.#look = look;
    this.#wish = wish;
    const { section } = this.#view;
    if (!section.isConnected) this.shadowRoot.firstChild.replaceWith(section);
    this.#draw();
    if (same && before.status !== "ranked" && look.status === "ranked") this.#tell(this.#text.refined);
    if (look.id !== before?.id || !same) this.#seen({ threshold: 0.25 }, () => this.#impress());
    if (!before) takesPhotos(this.#api).then((takes) => shown(this.#view.tools.photo, takes));
  }

  #fail({ status }) {
    const note = status === 429 ? this.#text.busy : this.#text.failed;
    if (this.#look) return this.#draw(), this.#tell(note);
    if (status === 404) return this.#view.show({ note: this.#text.empty });
    return this.#view.show({ note, again: true });
  }

  // --- Showing ------------------------------------------------------------------------------

  #draw() {
    const { id, items, status, message, stylist, budget } = this.#look;
    const [text, view, wish] = [this.#text, this.#view, this.#wish];
    view.tools.show(this.#look, wish);
    if (!items.length) return view.show({ note: wish.occasion || wish.budget ? text.emptyWish : text.empty });
    const over = budget && !(sum(items.map(this.#shown))?.amount <= budget);
    const said = message ?? (over ? text.overBudget : "");
    const busy = status === "provisional";
    const total = sum(this.#pieces());
    // What goes around a photo ends with it: the API neither keeps it nor has a page for it.
    const save = id && !wish.photo;
    view.show({ busy, status: said, total: total && this.#money(total), stored: id, save, share: save && this.#url });
    view.totalOf.textContent = this.#totalOf();
    view.addAll.textContent = text.addAll(this.#pieces().length);
    view.save.setAttribute("aria-pressed", isSaved({ look: id, pieces: this.#skus() }));
    view.place(items.map((item) => this.#card(item)));
    view.thumbs.show(text.wholeLook, this.#opinions.of(this.#about()), id);
    this.#tell(stylist && text.stylist(stylist));
  }

  #card(item) {
    const { slot } = item;
    const act = (does) => () => does.call(this, slot);
    if (!this.#cards.has(slot)) {
      const on = {
        click: act(this.#click), open: act(this.#open), undo: act(this.#undo), why: act(this.#why),
        press: (kind) => this.#opinions.press(this.#about(slot), kind),
        because: (reason) => this.#opinions.because(this.#about(slot), reason), lock: act(this.#lock),
        add: () => this.#add([this.#shown(this.#item(slot))]), restyle: act(this.#restyle) };
      this.#cards.set(slot, new Card(slot, this.#text, on));
    }
    const product = this.#shown(item);
    const mine = this.#chosen.get(slot);
    this.#cards.get(slot).show({
      item,
      product,
      previous: mine && (mine.at(-2)?.product ?? item.product),
      said: this.#opinions.of(this.#about(slot)),
      price: this.#money(product.price),
      canSay: this.#look.id && item.id,
      locked: this.#locked.has(slot),
    });
    return this.#cards.get(slot).node;
  }

  #item = (slot) => this.#look.items.find((item) => item.slot === slot);
  #shown = (item) => this.#chosen.get(item.slot)?.at(-1).product ?? item.product;

  /** What is said of something is said of this: an item as it is shown, or the whole look. */
  #about(slot) {
    const item = slot && this.#item(slot);
    const { id: look } = this.#look;
    return { look, item: item?.id ?? null, product: item ? this.#shown(item).sku : "" };
  }

  /** What of the whole look the shop sells now, the product on the page first. */
  #pieces() {
    const all = [this.#look.anchor, ...this.#look.items.map((item) => this.#shown(item))];
    return all.filter(({ available, price }) => available && price?.amount > 0);
  }

  #totalOf() {
    const { total, totalItems, totalLeft } = this.#text;
    const own = Boolean(this.#wish.photo);
    if (this.#pieces().length < this.#look.items.length + !own) return totalLeft;
    return own ? totalItems : total;
  }

  /** What is shown, in all slots or in those for which `of` is true. */
  #skus = (of = () => true) => this.#look.items.filter(({ slot }) => of(slot)).map((item) => this.#shown(item).sku);

  /** Where the look has a page of its own that shows what is shown here, if it has one. */
  get #url() {
    return showing(this.#skus(), safeUrl(this.#look.share_url, this.#api.url("")));
  }

  #money = (price) => moneyIn(this.#api.language)(price);

  #tell(said) {
    this.#view.aside.textContent = said;
  }

  // --- What shoppers wish -------------------------------------------------------------------

  #change(wish) {
    const { occasion, budget, number, photo } = { ...this.#next, ...wish };
    // Who knows a photo's id may see the photo: pages hear only that there is one.
    this.#emit("context", { look: this.#look.id, occasion, budget, number, photo: Boolean(photo) });
    this.#ask({ ...this.#next, lock: this.#locks(), ...wish });
  }

  #locks = () => this.#skus((slot) => this.#locked.has(slot));

  #lock(slot) {
    const locked = !this.#locked.delete(slot);
    if (locked) this.#locked.add(slot);
    const { title } = this.#shown(this.#item(slot));
    this.#draw();
    this.#tell(locked ? this.#text.locked(title) : this.#text.unlocked(title));
    this.#emit("lock", { ...this.#about(slot), slot, locked });
  }

  /** Another of the looks that there are, around what is locked. */
  #restyle() {
    const { id: look, number, count } = this.#look;
    const lock = this.#locks();
    this.#emit("restyle", { look, lock });
    this.#ask({ ...this.#next, lock, number: (number % count) + 1 || "" });
  }

  #photo() {
    const { panel } = this.#view;
    const around = (photo, product) => this.#change({ photo, product, number: "", lock: [] });
    if (this.#wish.photo) return around("", this.getAttribute("product"));
    const done = ({ id }) => (panel.node.close(), around(id, ""));
    panel.open(this.#text.photo, photoForm(this.#api, this.#text, done));
  }

  // --- What shoppers do ---------------------------------------------------------------------

  /** Offer what else could stand there: all that was found, or what the API lists at `href`. */
  async #open(slot, href) {
    const item = this.#item(slot);
    const { sku } = this.#shown(item);
    const listed = href && (await this.#api.ask("GET", href).catch(() => null));
    const { products, detail } = listed || { products: [item.product, ...item.alternatives] };
    const choose = (product) => (this.#view.panel.node.close(), this.#swap(slot, product));
    this.#list(this.#text.choose(item.slot_label), products.filter((each) => each.sku !== sku), choose, detail);
  }

  /** Offer `products`; where there are none, `detail` says why. */
  #list(title, products, choose, detail) {
    this.#view.panel.open(title, options(products, this.#money, choose), el("p", { text: detail }));
  }

  #swap(slot, product) {
    const before = this.#about(slot);
    const event = this.#opinions.swap(before, product.sku);
    this.#chosen.set(slot, [...(this.#chosen.get(slot) ?? []), { product, event }]);
    this.#draw();
    this.#cards.get(slot).undo.focus();
    this.#tell(this.#text.swapped(product.title));
    this.#emit("swap", { ...before, replacement: product.sku, undone: false });
  }

  #undo(slot) {
    const before = this.#about(slot);
    const mine = this.#chosen.get(slot);
    const { event } = mine.pop();
    if (!mine.length) this.#chosen.delete(slot);
    const back = this.#shown(this.#item(slot));
    if (event) this.#opinions.takeBack(before.look, event);
    this.#draw();
    const { swap, lock } = this.#cards.get(slot);
    (swap.hidden ? lock : swap).focus();
    this.#tell(this.#text.restored(back.title));
    this.#emit("swap", { ...before, replacement: back.sku, undone: true });
  }

  #why(slot) {
    const { panel } = this.#view;
    const [text, language, profile] = [this.#text, this.#api.language, this.getAttribute("profile")];
    const occasion = (href) => {
      panel.node.close();
      this.#change({ occasion: new URL(href).searchParams.get("occasion") ?? "", number: "" });
    };
    const trend = (name) => async (href) => {
      const failed = ({ status, message }) => ({ products: [], detail: status === 404 ? message : text.failed });
      const { products, detail } = await this.#api.ask("GET", href).catch(failed);
      this.#list(name, products, ({ url }) => location.assign(safeUrl(url) ?? ""), detail);
    };
    const alternatives = (href) => this.#open(slot, href);
    const lead = (to, name) => leadOf(to, this.#api, profile, { alternatives, occasion, trend: trend(name) });
    showWhy(panel, this.#api, this.#look, this.#item(slot), { text, language, lead });
    this.#emit("why", { ...this.#about(slot), slot });
  }

  #click(slot) {
    this.#emit("click", { ...this.#about(slot), slot });
  }

  /** Hand products to the shop's bag; a shop that says so itself, or could not, cancels the event. */
  #add(products) {
    const detail = { look: this.#look.id, skus: products.map(({ sku }) => sku) };
    if (this.#emit("add-to-cart", detail, true)) this.#tell(this.#text.added(products.length));
  }

  async #save() {
    const { id: look, anchor } = this.#look;
    const entry = { look, product: anchor.sku, pieces: this.#skus(), url: this.#url };
    const saved = !isSaved(entry);
    if (!(await save(this.#api, entry, saved).then(() => true, () => false))) return this.#tell(this.#text.notSaved);
    this.#draw();
    this.#tell(saved ? this.#text.saved : this.#text.takenBack);
    this.#emit("save", { look, saved });
  }

  async #share() {
    const [url, look] = [this.#url, this.#look.id];
    this.#emit("share", { look, url });
    try {
      if (await share(this.#view.heading.textContent, url)) this.#tell(this.#text.copied);
      await this.#api.send("POST", `looks/${look}/keep/`);
    } catch (error) {
      if (error.name !== "AbortError") this.#tell(url);
    }
  }

  /** Once for each look; for one without an id only where none was seen before. */
  #impress() {
    const { id, status, items } = this.#look;
    if (!items.length || this.#impressed.has(id)) return;
    this.#impressed.add(id).add(null);
    this.#emit("impression", { look: id, status, products: this.#skus() });
  }

  /** False where a listener cancelled what can be cancelled. */
  #emit(name, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`ctl:${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }
}

if (!customElements.get("complete-the-look")) {
  customElements.define("complete-the-look", CompleteTheLook);
}
