/** The widget's frame: heading, tools, the place of the cards, and the foot with its buttons. */

import { button, el, shown } from "./dom.js";
import { skeleton } from "./card.js";
import { Panel } from "./panel.js";
import { Thumbs } from "./thumbs.js";
import { Tools } from "./tools.js";

const SKELETON_ITEMS = 4;

export class View {
  /** `on` has the functions for what shoppers do with the whole look. */
  constructor(text, heading, on) {
    this.status = el("p", { class: "status", part: "status", role: "status" });
    this.noteText = el("p");
    this.again = button("again", on.again, text.again);
    this.note = el("div", { class: "note", part: "message", role: "status" }, this.noteText, this.again);
    this.tools = new Tools(text, on);
    this.items = el("ul", { class: "items", part: "items", role: "list" });
    this.totalOf = el("span", { text: text.total });
    this.total = el("b", { part: "total" });
    this.addAll = button("primary add-all", on.addAll, text.addAll(SKELETON_ITEMS));
    this.sum = el("p", { class: "sum" }, this.totalOf, this.total, this.addAll);
    this.save = button("save", on.save, text.save, "save");
    this.share = button("share", on.share, text.share, "share");
    this.thumbs = new Thumbs(text, on);
    this.ask = el("div", { class: "ask" }, el("span", { text: text.question }), this.thumbs.node);
    this.footer = el("footer", { part: "footer" }, this.sum, this.ask, this.save, this.share, this.thumbs.reasons);
    this.aside = el("p", { class: "aside", part: "note", role: "status" });
    this.panel = new Panel(text);
    this.heading = el("h2", { id: "heading", part: "heading", text: heading });
    const header = el("header", {}, this.heading, this.status);
    const parts = [header, this.tools.node, this.note, this.items, this.footer, this.aside];
    this.section = el("section", { "aria-labelledby": "heading" }, ...parts);
    this.items.replaceChildren(...Array.from({ length: SKELETON_ITEMS }, skeleton));
    this.show({ busy: true, status: text.loading });
  }

  /** What is seen; no height changes between skeleton, provisional and ranked. */
  show({ busy = false, status = "", note = "", again, total, stored, save, share }) {
    this.busy(busy, status);
    this.noteText.textContent = note;
    this.note.hidden = !note;
    this.again.hidden = !again;
    this.items.hidden = this.footer.hidden = this.aside.hidden = Boolean(note);
    this.total.textContent = total || "000.00";
    shown(this.sum, total);
    shown(this.ask, stored);
    shown(this.save, save);
    shown(this.share, share);
  }

  busy(busy, status) {
    this.section.classList.toggle("busy", busy);
    this.section.setAttribute("aria-busy", busy);
    if (this.status.textContent !== status) this.status.textContent = status;
  }

  /** The cards in their order; where they lie so already they are not touched, and keep focus. */
  place(nodes) {
    const { items } = this;
    const same = nodes.length === items.children.length && nodes.every((n, i) => n === items.children[i]);
    if (!same) items.replaceChildren(...nodes);
  }
}
