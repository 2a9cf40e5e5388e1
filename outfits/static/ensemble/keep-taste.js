/** Keeps what a quiz found for as long as the browser tab lives; the widget sends it along. */

const found = document.querySelector("ensemble-taste");
try {
  sessionStorage.setItem("ensemble-taste", found.dataset.taste);
} catch {
  // Storage is blocked: the answers count on this page only.
}
