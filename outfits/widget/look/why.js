/** Why an item is in the look: signed bars, what was measured, who chose, from which data. */

import { button, el } from "./dom.js";
import { sleep } from "./patience.js";

const ASK_AT_MOST = 10;
const ASK_AGAIN_S = 3;

/** Rows of {label, weight, to}; `to` is what a click leads to: an address or a function. */
function bars(rows, signed) {
  const most = Math.max(...rows.map(({ weight }) => Math.abs(weight)), 0.01);
  const row = ({ label, weight, to }) => {
    let name = to ? el("a", { href: to, text: label }) : el("span", { text: label });
    if (typeof to === "function") name = button("leads", to, label);
    const bar = el("i", { class: weight < 0 ? "against" : "for" });
    bar.style.inlineSize = `${(50 * Math.abs(weight)) / most}%`;
    const axis = el("span", { class: "axis", "aria-hidden": "true" }, bar);
    return el("li", { part: "factor" }, name, el("b", { text: signed.format(weight) }), axis);
  };
  return el("ul", { class: "bars", role: "list" }, ...rows.map(row));
}

/** What the look itself knows, in the shape in which the API explains an item. */
function explainFromLook({ stylist }, { explanation, factors, stand_in }) {
  return { sentence: explanation, stylist: !stand_in && stylist, factors };
}

/**
 * The panel's content, from the API's answer.
 *
 * `lead` turns a factor's `leads_to` into an address or a function; a factor leads nowhere else.
 */
function explain(answer, text, language, lead) {
  const { sentence, stylist, confidence_words, factors, measured, used, not_used } = answer;
  const signed = new Intl.NumberFormat(language, { maximumFractionDigits: 2, signDisplay: "exceptZero" });
  const part = (title, ...nodes) => [el("h3", { text: title }), ...nodes];
  const list = (title, names) => (names?.length ? part(title, el("p", { text: names.join(" · ") })) : []);
  const nodes = [el("p", { class: "sentence", text: sentence })];
  const rows = factors.map(({ label, weight, leads_to }) => ({ label, weight, to: lead(leads_to, label) }));
  if (rows.length) nodes.push(...part(text.factors, bars(rows, signed)));
  const { status, changes = [], noise = 0, reason } = measured ?? {};
  // What asking the same thing twice changes as much means nothing.
  const by = changes
    .map(({ label, logprob_change: weight }) => ({ label: text.without(label), weight }))
    .filter(({ weight }) => Math.abs(weight) > noise);
  const unknown = status === "pending" ? text.pending : reason;
  if (unknown || by.length) nodes.push(...part(text.measured, unknown ? el("p", { text: unknown }) : bars(by, signed)));
  nodes.push(...list(text.used, used), ...list(text.notUsed, not_used));
  const who = [stylist && text.stylist(stylist), confidence_words].filter(Boolean).join(" · ");
  nodes.push(el("p", { class: "aside", text: who }));
  return el("div", { class: "reasoning", part: "why" }, ...nodes);
}

/**
 * Open the panel: what the look knows at once, what the API knows when it answers.
 *
 * Where another product stands in for the stylist's choice, the API still explains the choice:
 * then the look's own words are all there is.
 */
export async function showWhy(panel, api, look, item, { text, language, lead }) {
  const known = explainFromLook(look, item);
  const shown = (answer) => explain({ ...known, ...answer }, text, language, lead);
  let node = shown();
  panel.open(text.whyLabel(item.product.title), node);
  for (let asked = 0; look.id && item.id && asked < ASK_AT_MOST; asked++) {
    const query = language ? `?lang=${language}` : "";
    const answer = await api.ask("GET", `looks/${look.id}/items/${item.id}/why/${query}`).catch(() => null);
    if (answer?.sku !== item.product.sku || !panel.node.open || !node.isConnected) return;
    panel.fill((node = shown(answer)));
    if (answer.measured?.status !== "pending") return;
    await sleep(ASK_AGAIN_S);
  }
}
