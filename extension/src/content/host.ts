import sheet from "./badge.css?inline";

/**
 * The one element that Telltale adds to a page: out of the flow, so that nothing moves, beside `body` rather than in
 * it, so that the page's own rules for its last child still hold, and closed, so that page scripts cannot read it.
 */
export class Host {
  readonly root: ShadowRoot;
  private readonly element = document.createElement("telltale-badge");

  constructor() {
    this.root = this.element.attachShadow({ mode: "closed" });
    addStyles(this.root);
    for (const type of ["keydown", "keyup", "keypress"]) this.root.addEventListener(type, stayInside);
  }

  attach(): void {
    if (!this.element.isConnected) document.documentElement.append(this.element);
  }

  detach(): void {
    this.element.remove();
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
