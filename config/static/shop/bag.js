/** The demo shop's bag: it counts what the widget hands over, in this tab. Nothing here is sold. */

const KEY = "linnet-vale-bag";
const bag = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
const label = Object.assign(document.createElement("p"), { className: "bag", role: "status" });

function show() {
  label.textContent = bag.size ? `Bag (${bag.size})` : "";
}

document.addEventListener("ctl:add-to-cart", ({ detail }) => {
  for (const sku of detail.skus) bag.add(sku);
  sessionStorage.setItem(KEY, JSON.stringify([...bag]));
  show();
});
document.querySelector(".masthead").append(label);
show();
