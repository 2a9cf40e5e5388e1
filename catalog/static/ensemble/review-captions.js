// Keys for the review of captions. The page is a plain form; this only presses its buttons.

const form = document.querySelector("[data-review]");
let sent = false;

function press(action) {
  document.querySelector(`.review button[value="${action}"]`)?.click();
}

function radios(field) {
  return [...field.querySelectorAll("input[type=radio]")];
}

function focusField(field) {
  (radios(field).find((radio) => radio.checked) ?? radios(field)[0])?.focus();
}

function choose(field, key) {
  const radio = field.querySelector(`input[data-key="${key}"]`);
  if (!radio) return;
  radio.checked = true;
  field.querySelector("input[type=text]").value = "";
  radio.focus();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target;
  const field = target.closest?.("[data-field]");
  const typing = target.matches("input[type=text], textarea, select");
  if (field && /^[0-3]$/.test(event.key)) {
    event.preventDefault();
    choose(field, event.key);
  } else if (event.key === "Enter" && form?.contains(target) && !target.matches("button, a")) {
    event.preventDefault();
    if (!event.shiftKey && !event.repeat) press("save");
  } else if (event.key === "Escape" && typing && form?.contains(target)) {
    const back = field ?? form.querySelector("[data-field]");
    focusField(back);
  } else if (!typing && !event.repeat && !document.querySelector("dialog[open]")) {
    const action = { c: "confirm", s: "skip", u: "undo" }[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    press(action);
  }
}

document.addEventListener("keydown", onKey);

// What is typed is what counts, so that no button may look chosen beside it.
form?.addEventListener("input", (event) => {
  if (!event.target.matches(".review-other input") || !event.target.value) return;
  radios(event.target.closest("[data-field]")).forEach((radio) => { radio.checked = false; });
});
form?.addEventListener("change", (event) => {
  if (!event.target.matches("input[type=radio]")) return;
  event.target.closest("[data-field]").querySelector("input[type=text]").value = "";
});

// A key held down must not save the next picture unseen.
document.querySelectorAll(".review form[method=post]").forEach((each) => {
  each.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
});
window.addEventListener("pageshow", () => { sent = false; });

const first = form?.querySelector("fieldset.unsure") ?? form?.querySelector("[data-field]");
if (first) focusField(first);
