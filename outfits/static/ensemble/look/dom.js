/** Building elements out of plain text: nothing here parses markup. */

const ICONS = {
  swap: "M4 8.5h15M15.5 5 19 8.5 15.5 12M20 15.5H5M8.5 12 5 15.5 8.5 19",
  thumb:
    "M3.5 10.5H7V20H3.5zM7 11l4-7.5c1.4 0 2.3 1.1 2.1 2.4L12.6 9h5.6c1.3 0 2.2 1.2 1.9 2.4" +
    "l-1.7 6.6c-.3 1.2-1.3 2-2.5 2H7",
  close: "M6 6l12 12M18 6 6 18",
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

/** The address if it is one a shopper may be sent to (http or https), else null. */
export function safeUrl(url) {
  const parsed = URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI) : null;
  return /^https?:$/.test(parsed?.protocol) ? parsed.href : null;
}
