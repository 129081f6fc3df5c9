import sheet from "./badge.css?inline";
import { HOST } from "./composed";

/** A page that takes the badge off this often means it; the toolbar icon still tells, and no page can touch that. */
const MOST_RETURNS = 20;

/**
 * The one element that Telltale adds to a page: out of the flow, so that nothing moves, beside `body` rather than in
 * it, so that the page's own rules for its last child still hold, and closed, so that page scripts cannot read it.
 */
export class Host {
  readonly root: ShadowRoot;
  private readonly element = document.createElement(HOST);
  private readonly guard = new MutationObserver(() => this.comeBack());
  private returns = 0;

  constructor() {
    this.root = this.element.attachShadow({ mode: "closed" });
    addStyles(this.root);
    for (const type of ["keydown", "keyup", "keypress"]) this.root.addEventListener(type, stayInside);
  }

  attach(): void {
    if (!this.element.isConnected) document.documentElement.append(this.element);
    this.guard.observe(document.documentElement, { childList: true });
  }

  detach(): void {
    this.guard.disconnect();
    this.element.remove();
  }

  /** Frameworks that render the whole document, and pages that do not want to be marked, take strange elements out. */
  private comeBack(): void {
    if (this.element.isConnected || this.returns >= MOST_RETURNS) return;
    this.returns += 1;
    document.documentElement.append(this.element);
  }
}

/** A page's single-key shortcuts must not act on keys meant for the badge. */
function stayInside(event: Event): void {
  event.stopPropagation();
}

/** Constructed sheets are not bound by a page's Content-Security-Policy. */
function addStyles(root: ShadowRoot): void {
  try {
    const styles = new CSSStyleSheet();
    styles.replaceSync(sheet);
    root.adoptedStyleSheets = [styles];
  } catch {
    addStyleElement(root); // Firefox guards adoptedStyleSheets against content scripts
  }
}

function addStyleElement(root: ShadowRoot): void {
  const style = document.createElement("style");
  style.textContent = sheet;
  root.append(style);
}
