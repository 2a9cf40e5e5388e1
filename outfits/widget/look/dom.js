/** Building elements out of plain text: nothing here parses markup. */

const ICONS = {
  swap: "M4 8.5h15M15.5 5 19 8.5 15.5 12M20 15.5H5M8.5 12 5 15.5 8.5 19",
  thumb:
    "M3.5 10.5H7V20H3.5zM7 11l4-7.5c1.4 0 2.3 1.1 2.1 2.4L12.6 9h5.6c1.3 0 2.2 1.2 1.9 2.4" +
    "l-1.7 6.6c-.3 1.2-1.3 2-2.5 2H7",
  close: "M6 6l12 12M18 6 6 18",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  bag: "M5 8.5h14l1 12H4zM8.5 11V7a3.5 3.5 0 0 1 7 0v4",
  save: "M7 4h10v16l-5-4.5L7 20z",
  share: "M12 15V4M8.5 7 12 3.5 15.5 7M6 12v8h12v-8",
  photo: "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10a3.2 3.2 0 1 0 .1 0z",
  next: "M9.5 5.5 16 12l-6.5 6.5",
};

/** An element; function props listen, booleans toggle, `text` is text, the rest are attributes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (typeof value === "boolean") node.toggleAttribute(key, value);
    else if (key === "text") node.textContent = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(svg.namespaceURI, "path")).setAttribute("d", ICONS[name]);
  return svg;
}

/** A button of a class, which is its part, too; its icon if any stands before its text. */
export function button(style, click, text = "", drawn = "") {
  const props = { type: "button", class: style, part: style, click };
  return el("button", props, drawn && icon(drawn), text && el("span", { text }));
}

/** Say what a button that shows an icon does. */
export function label(node, text, pressed) {
  node.setAttribute("aria-label", text);
  node.title = text;
  if (pressed !== undefined) node.setAttribute("aria-pressed", pressed);
}

/** Take a place without being seen, so that nothing moves when it is. */
export const shown = (node, visible) => (node.style.visibility = visible ? "" : "hidden");

/** The address if it is one a shopper may be sent to (http or https), else null. */
export function safeUrl(url, base = document.baseURI) {
  const parsed = url && URL.canParse(url, base) ? new URL(url, base) : null;
  return /^https?:$/.test(parsed?.protocol) ? parsed.href : null;
}
