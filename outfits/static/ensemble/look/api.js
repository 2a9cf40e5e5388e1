/** Talking to Ensemble's API: looks are asked for, feedback is said once and in order. */

const REQUEST_TIMEOUT_MS = 10_000;

/** A random UUID; `crypto.randomUUID` alone is missing on shops served without TLS. */
export function uuid() {
  const digit = (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
  return crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit);
}

let visitor;
/** This browser tab's random id; it names nobody and goes when the tab does. */
function visitorId() {
  try {
    visitor ??= sessionStorage.getItem("ensemble-visitor") ?? uuid();
    sessionStorage.setItem("ensemble-visitor", visitor);
  } catch {
    visitor ??= uuid(); // Storage is blocked: the id lives as long as the page.
  }
  return visitor;
}

async function request(method, url, { signal, headers, ...init }) {
  const patience = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(url, {
    ...init,
    method,
    headers: { Accept: "application/json", ...headers },
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return answer;
  throw Object.assign(new Error(answer?.detail ?? `HTTP ${response.status}`), {
    status: response.status,
    retryAfter: Number(response.headers.get("Retry-After")),
  });
}

/** Someone who is signed in is known by a cookie, and Django then wants its token, too. */
function csrfHeader(url) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  return token && url.origin === location.origin ? { "X-CSRFToken": token } : {};
}

/** The API at one address; failures are errors with `status` (absent: not reached), `retryAfter`. */
export class LookApi {
  #looks;
  #said = Promise.resolve();

  constructor(base) {
    this.#looks = new URL(`${base.replace(/\/+$/, "")}/looks/`, document.baseURI);
  }

  /** The look that completes a product, as the API knows it now, in the language `lang`. */
  look(product, { occasion, lang }, signal) {
    const url = new URL(this.#looks);
    url.search = new URLSearchParams({ product, ...(occasion && { occasion }), ...(lang && { lang }) });
    return request("GET", url, { signal });
  }

  /** Say `{id, kind, item, product, replacement}` of a look; the same id twice counts once. */
  say(look, feedback) {
    const headers = { "Content-Type": "application/json" };
    return this.#tell("POST", `${look}/feedback/`, { headers, body: JSON.stringify(feedback) });
  }

  /** Take back what was said under `event`. */
  takeBack(look, event) {
    return this.#tell("DELETE", `${look}/feedback/${event}/`, {});
  }

  /** Send after all that was said before, and once more if the network failed. */
  #tell(method, path, { headers, ...init }) {
    const url = new URL(path, this.#looks);
    const all = { ...headers, ...csrfHeader(url), "X-Ensemble-Visitor": visitorId() };
    const send = () => request(method, url, { ...init, headers: all, keepalive: true });
    const sendTwice = () => send().catch((error) => (error.status ? Promise.reject(error) : send()));
    const sent = this.#said.then(sendTwice);
    this.#said = sent.catch(() => {});
    return sent;
  }
}
