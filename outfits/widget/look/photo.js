/** A look around something of one's own: a photo is sent, seen, and becomes the anchor. */

import { el } from "./dom.js";
import { sleep } from "./patience.js";

const PHOTO_TAKES_S = 1.5;
const LOOKS_AT_PHOTO = 40;

/** Whether this server takes photos; one that does not know the address says 404. */
export const takesPhotos = (api) => api.ask("OPTIONS", "photos/").then(() => true, () => false);

/** A form for a photo; `done` is called with the API's answer once the photo has been seen. */
export function photoForm(api, text, done) {
  const says = el("p", { class: "says", role: "status" });
  const file = el("input", { id: "photo", name: "photo", type: "file", accept: "image/*", required: true });
  const keep = el("input", { id: "keep", name: "keep", type: "checkbox", value: "true" });
  const go = el("button", { class: "primary", text: text.photoSend });
  const submit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    says.textContent = text.photoSeen;
    try {
      done(await see(api, new FormData(form)));
    } catch (error) {
      says.textContent = error.status < 429 ? error.message : text.failed;
    }
    go.disabled = false;
  };
  const form = el(
    "form",
    { class: "own", part: "photo-form", submit },
    el("label", { for: "photo", text: text.photoLabel }),
    file,
    el("label", { for: "keep" }, keep, el("span", { text: text.photoKeep })),
    el("p", { text: text.photoPrivacy }),
    go,
    says,
  );
  return form;
}

async function see(api, form) {
  if (!form.has("keep")) form.set("keep", "false");
  let answer = await api.ask("POST", "photos/", { body: form });
  for (let asked = 0; !answer.anchor && asked < LOOKS_AT_PHOTO; asked++) {
    if (["failed", "refused"].includes(answer.status)) break;
    await sleep(PHOTO_TAKES_S);
    answer = await api.ask("GET", `photos/${answer.id}/`);
  }
  if (answer.anchor) return answer;
  throw Object.assign(new Error(answer.detail ?? answer.status), { status: 400 });
}
