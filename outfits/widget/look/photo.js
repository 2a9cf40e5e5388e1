/** A look around something of one's own: a photo is sent, seen, and becomes the anchor. */

import { el, shown } from "./dom.js";
import { sleep } from "./patience.js";

const PHOTO_TAKES_S = 1.5;
const LOOKS_AT_PHOTO = 40;

/** What this server says of photos (`keeps`: whether it keeps this shopper's), if it takes any. */
export const takesPhotos = (api) => api.ask("OPTIONS", "photos/").then((said) => said ?? {}, () => 0);

/** A form for a photo; `done` is called with the API's answer once the photo has been seen. */
export function photoForm(api, text, done) {
  const says = el("p", { class: "says", role: "status" });
  const file = el("input", { id: "photo", name: "photo", type: "file", accept: "image/*", required: true });
  const what = el("input", { id: "category", name: "category" });
  const box = el("input", { id: "keep", name: "keep", type: "checkbox", value: "true" });
  const keep = el("label", { for: "keep" }, box, el("span", { text: text.photoKeep }));
  shown(keep, false);
  takesPhotos(api).then(({ keeps }) => shown(keep, keeps));
  const go = el("button", { class: "primary", text: text.photoSend });
  const submit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    says.textContent = text.photoSeen;
    try {
      done(await see(api, new FormData(form)));
    } catch (error) {
      says.textContent = (error.status < 429 && error.message) || text.failed;
    }
    go.disabled = false;
  };
  const form = el(
    "form",
    { class: "own", part: "photo-form", submit },
    el("label", { for: "photo", text: text.photoLabel }),
    file,
    el("label", { for: "category", text: text.photoWhat }),
    what,
    keep,
    el("p", { text: text.photoPrivacy }),
    go,
    says,
  );
  return form;
}

async function see(api, form) {
  let answer = await api.ask("POST", "photos/", { body: form });
  // What went wrong with it is its detail.
  for (let asked = 0; !answer.anchor && !answer.detail && asked < LOOKS_AT_PHOTO; asked++) {
    await sleep(PHOTO_TAKES_S);
    answer = await api.ask("GET", `photos/${answer.id}/`);
  }
  if (answer.anchor) return answer;
  throw Object.assign(new Error(answer.detail), { status: 400 });
}
