/** Lists the looks that the widget keeps in this browser tab, for whoever has no profile. */

const KEY = "ensemble-looks";
const section = document.querySelector(".es-tab-looks");
const [list, none, row] = ["ul", ".es-none", "template"].map((name) => section.querySelector(name));

/** What the tab keeps; what is not of the widget's making is passed over. */
function kept() {
  try {
    const looks = JSON.parse(sessionStorage.getItem(KEY));
    return Array.isArray(looks) ? looks.filter((each) => typeof each?.look === "string") : [];
  } catch {
    return []; // Storage is blocked, or holds what is not ours.
  }
}

/** An address that may be opened; null for any other. */
function safe(url) {
  try {
    const { protocol, href } = new URL(url);
    return ["http:", "https:"].includes(protocol) ? href : null;
  } catch {
    return null;
  }
}

/** The titles of a look and its pieces, as the API tells them in the page's language. */
async function titles({ look, pieces = [] }) {
  const asked = new URLSearchParams(pieces.map((sku) => ["piece", sku]));
  asked.set("lang", document.documentElement.lang);
  const { api, key } = section.dataset;
  const headers = key ? { "X-Ensemble-Key": key } : {};
  const answer = await fetch(`${api}${encodeURIComponent(look)}/?${asked}`, { headers });
  const told = await answer.json();
  return [told.anchor.title, told.items.map((item) => item.product.title)];
}

function remove(look) {
  const at = kept().findIndex((each) => each.look === look);
  const left = kept().filter((each) => each.look !== look);
  sessionStorage.setItem(KEY, JSON.stringify(left));
  list.children[at]?.remove();
  none.hidden = left.length > 0;
  // The button is gone: the next one takes the keyboard, or else the heading.
  (list.children[Math.min(at, left.length - 1)]?.querySelector("button") ?? section.querySelector("h2")).focus();
  section.querySelector("[role=status]").textContent = section.dataset.removed;
}

function show(entry) {
  const item = row.content.cloneNode(true).firstElementChild;
  const [name, pieces, button] = ["a", "small", "button"].map((tag) => item.querySelector(tag));
  const say = (title, others) => {
    name.textContent = title;
    pieces.textContent = others.join(", ");
    button.setAttribute("aria-label", section.dataset.remove.replace("{what}", title));
  };
  const url = safe(entry.url);
  if (url) name.href = url;
  button.addEventListener("click", () => remove(entry.look));
  const others = Array.isArray(entry.pieces) ? entry.pieces.map(String) : [];
  say(String(entry.product), others);
  // Where the API does not answer, or the look is gone, the shop's own numbers stay.
  titles({ look: entry.look, pieces: others }).then((told) => say(...told), () => {});
  list.append(item);
}

kept().forEach(show);
none.hidden = list.children.length > 0;
section.hidden = false;
