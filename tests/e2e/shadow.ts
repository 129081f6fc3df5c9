import type { CDPSession, Page } from "playwright-core";

/**
 * Looks into the badge's closed shadow root through the browser's own debugging protocol: the product keeps it closed
 * to pages, and needs no back door for its tests.
 */
export class BadgeView {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async on(page: Page): Promise<BadgeView> {
    return new BadgeView(page, await page.context().newCDPSession(page));
  }

  /** The text of the first element of this kind, or null: `.badge`, `.popover`. */
  async text(selector: string): Promise<string | null> {
    return this.call(selector, "function () { return this.innerText }");
  }

  /** Until it is there, as a person waits for it. */
  async shown(selector: string, withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    while ((await this.text(selector)) === null) {
      if (performance.now() > end) throw new Error(`No '${selector}' appeared within ${withinMs / 1000} seconds.`);
      await this.page.waitForTimeout(50);
    }
  }

  async attribute(selector: string, name: string): Promise<string | null> {
    return this.call(selector, `function () { return this.getAttribute("${name}") }`);
  }

  /** The badge as markup with its styles, for a page where a checker can see it. */
  async outside(): Promise<string> {
    const styles =
      "function () { return [...this.getRootNode().adoptedStyleSheets].flatMap((s) => [...s.cssRules]).map((r) => r.cssText).join(' ') }";
    const css = (await this.call(".box", styles)) ?? "";
    const box = (await this.call(".box", "function () { return this.outerHTML }")) ?? "";
    return `<style>${css.replaceAll(":host", ":root")}</style><main><h1>Badge</h1>${box}</main>`;
  }

  async count(selector: string): Promise<number> {
    const name = JSON.stringify(selector);
    return (await this.call<number>(".box", `function () { return this.querySelectorAll(${name}).length }`)) ?? 0;
  }

  /** Where all elements of this kind stand in the window: x, y, width, height. */
  async boxes(selector: string): Promise<Box[]> {
    const all = `function () { return [...this.getRootNode().querySelectorAll(${JSON.stringify(selector)})].map((one) => {
      const b = one.getBoundingClientRect(); return [b.x, b.y, b.width, b.height] }) }`;
    return (await this.call<Box[]>(".box", all)) ?? [];
  }

  async isFocused(selector: string): Promise<boolean> {
    return (
      (await this.call<boolean>(selector, "function () { return this.getRootNode().activeElement === this }")) ?? false
    );
  }

  /**
   * Whether it is drawn where a person can see and reach it, in colours that can be told apart. They are not asked for by
   * `getComputedStyle`: a page may have put something else in its place.
   */
  async isShown(selector: string): Promise<boolean> {
    const check = `function () {
      const [ink, paper] = ["color", "background-color"].map((name) => String(this.computedStyleMap().get(name)));
      const b = this.getBoundingClientRect();
      const isVisible = this.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      return isVisible && b.width > 0 && b.x > 0 && b.x < innerWidth && ink !== paper && ![ink, paper].some((one) => ${CLEAR}.test(one));
    }`;
    return (await this.call<boolean>(selector, check)) ?? false;
  }

  /** A click as a person makes it, through the input system: the badge ignores any other. */
  async click(selector: string): Promise<void> {
    const box =
      "function () { this.scrollIntoView({ block: 'nearest' }); const b = this.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] }";
    const at = await this.call<[number, number]>(selector, box);
    if (!at) throw new Error(`The badge has no '${selector}'.`);
    await this.page.mouse.click(at[0], at[1]);
  }

  /** A click as a page's script would make it. */
  async scriptedClick(selector: string): Promise<void> {
    await this.call(selector, "function () { this.click() }");
  }

  private async call<T = string>(selector: string, declaration: string): Promise<T | null> {
    const objectId = await this.find(selector);
    if (!objectId) return null;
    const reply = await this.session.send("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: declaration,
      returnByValue: true,
    });
    return (reply.result.value as T) ?? null;
  }

  private async find(selector: string): Promise<string | null> {
    const { root } = await this.session.send("DOM.getDocument", { depth: -1, pierce: true });
    const shadow = shadowOf(root);
    if (!shadow) return null;
    const { nodeId } = await this.session.send("DOM.querySelector", { nodeId: shadow.nodeId, selector });
    if (!nodeId) return null;
    return (await this.session.send("DOM.resolveNode", { nodeId })).object.objectId ?? null;
  }
}

/** A colour without any. */
export const CLEAR = "/^(transparent$|rgba.*[, ]0\\)$)/";

export type Box = [x: number, y: number, width: number, height: number];

interface ProtocolNode {
  nodeId: number;
  localName: string;
  children?: ProtocolNode[];
  shadowRoots?: ProtocolNode[];
}

function shadowOf(node: ProtocolNode): ProtocolNode | null {
  if (node.localName === "telltale-badge") return node.shadowRoots?.[0] ?? null;
  for (const child of node.children ?? []) {
    const found = shadowOf(child);
    if (found) return found;
  }
  return null;
}
