/** Talking to Ensemble's API: looks are asked for, what shoppers say is sent once and in order. */

import { safeUrl } from "./dom.js";

const REQUEST_TIMEOUT_MS = 10_000;

/** A random UUID; `crypto.randomUUID` alone is missing on shops served without TLS. */
export const uuid = () => crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);

/** What this browser tab keeps under a name; null where there is nothing, or storage is blocked. */
function kept(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

let visitor;
/** This browser tab's random id, made when there is feedback; it names nobody and goes with the tab. */
function visitorId() {
  visitor ??= kept("ensemble-visitor") ?? uuid();
  try {
    sessionStorage.setItem("ensemble-visitor", visitor);
  } catch {
    // The id lives as long as the page.
  }
  return visitor;
}

/**
 * Someone who is signed in is known by a cookie, and Django then wants its token, too: the one that
 * `host` was given, or a form on the page has, or else a cookie, where scripts may read it.
 */
function csrfHeader(url, host) {
  const cookie = `${host.getAttribute("csrf-cookie") || "csrftoken"}=`;
  const token =
    host.getAttribute("csrf") ||
    document.querySelector("[name=csrfmiddlewaretoken]")?.value ||
    document.cookie.split("; ").find((each) => each.startsWith(cookie))?.slice(cookie.length);
  return token && url.origin === location.origin ? { "X-CSRFToken": token } : {};
}

/** JSON, or null; pictures lie where the API does, wherever the page that shows them is. */
function read(text, base) {
  try {
    return JSON.parse(text, function (key, value) {
      return key === "url" && this.width ? safeUrl(value, base) : value;
    });
  } catch {
    return null;
  }
}

/**
 * The API that `host` names by its attributes `api`, `key`, `token`, `csrf` and `csrf-cookie`.
 *
 * Failures are errors with `status` (absent: not reached) and `retryAfter`.
 */
export class LookApi {
  #host;
  #refused; // a token that the API did not take: the shopper goes on without a name
  #sent = Promise.resolve();

  constructor(host) {
    this.#host = host;
  }

  /** The page's language, also from within a shadow; undefined where it says none that there is. */
  get language() {
    const said = this.#host.closest("[lang]")?.lang || document.documentElement.lang;
    try {
      return Intl.getCanonicalLocales(said.replace("_", "-"))[0];
    } catch {
      // No language, then.
    }
  }

  get token() {
    const token = this.#host.getAttribute("token");
    return token === this.#refused ? null : token;
  }

  url(path) {
    const base = (this.#host.getAttribute("api") ?? "/api/v1").replace(/\/*$/, "/");
    return new URL(path, new URL(base, document.baseURI));
  }

  /** One request; `body` is sent as JSON unless it is a form. */
  async ask(method, path, { signal, body } = {}) {
    const { token, language } = this;
    const url = this.url(path);
    const key = this.#host.getAttribute("key");
    const taste = kept("ensemble-taste"); // what a quiz in this tab found
    const form = body instanceof FormData;
    const patience = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(url, {
      method,
      body: body && !form ? JSON.stringify(body) : body,
      keepalive: method !== "GET" && !form,
      headers: {
        Accept: "application/json",
        ...(language && { "Accept-Language": language }),
        ...(body && !form && { "Content-Type": "application/json" }),
        ...(key && { "X-Ensemble-Key": key }),
        ...(taste && { "X-Ensemble-Taste": taste }),
        ...(token && { Authorization: `Ensemble ${token}` }),
        ...(method !== "GET" && csrfHeader(url, this.#host)),
        ...(path.includes("/feedback/") && { "X-Ensemble-Visitor": visitorId() }),
      },
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    const { status } = response;
    if (status === 401 && token) {
      this.#refused = token;
      return this.ask(method, path, { signal, body });
    }
    const answer = read(await response.text(), url);
    if (response.ok) return answer;
    if (status === 404 && /^looks\/\w/.test(path)) this.gone(); // A stored look is there no more.
    throw Object.assign(new Error(answer?.detail), {
      status,
      retryAfter: Number(response.headers.get("Retry-After")),
    });
  }

  /** The look that a wish asks for, as the API knows it now; what is empty is not asked for. */
  look(wish, signal) {
    const asked = Object.entries(wish).flatMap(([name, value]) => [value ?? ""].flat().map((v) => [name, v]));
    return this.ask("GET", `looks/?${new URLSearchParams(asked.filter(([, v]) => v !== ""))}`, { signal });
  }

  /** Send after all that was sent before, and once more if the network failed. */
  send(method, path, body) {
    const send = () => this.ask(method, path, { body });
    const sent = this.#sent.then(send).catch((error) => (error.status ? Promise.reject(error) : send()));
    this.#sent = sent.catch(() => {});
    return sent;
  }
}
