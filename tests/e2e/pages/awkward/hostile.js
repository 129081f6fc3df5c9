// Everything that a page can try without the extension's help; `document.documentElement.dataset` tells of success.
const report = document.documentElement.dataset;
let taken = 0;

Element.prototype.attachShadow = () => {
  report.patched = "attachShadow";
};
window.getComputedStyle = () => {
  report.patched = "getComputedStyle";
};
JSON.stringify = () => {
  report.patched = "JSON";
};
document.createElement = () => {
  report.patched = "createElement";
};

new MutationObserver(() => {
  const badge = document.querySelector("telltale-badge");
  if (!badge) return;
  if (badge.shadowRoot) report.read = badge.shadowRoot.textContent;
  badge.style.cssText = "display: none !important";
  badge.setAttribute("hidden", "");
  badge.click();
  badge.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  if (taken++ < 3) badge.remove();
}).observe(document.documentElement, { childList: true });
