import { make, onTrusted } from "../shared/elements";
import { makePopover, type PopoverActs } from "./popover";
import { type BadgeView, spokenOf } from "./view";

export interface BadgeActs extends Omit<PopoverActs, "close"> {
  /** The popover was closed by the person. */
  closed: () => void;
}

/** The button at the page's corner and the popover it opens. */
export class Badge {
  private readonly box = make("div", { class: "box" });
  private button: HTMLButtonElement | null = null;
  private popover: HTMLElement | null = null;
  private view: BadgeView | null = null;
  /** Where the keyboard was before the popover took it. */
  private cameFrom: Element | null = null;

  constructor(
    root: ShadowRoot,
    private readonly acts: BadgeActs,
  ) {
    root.append(this.box);
    onTrusted(root as unknown as HTMLElement, "keydown", (event) => this.onKey(event));
  }

  get isOpen(): boolean {
    return this.popover !== null;
  }

  /** A popover that is open stays open while the page only moved the text of the same reading. */
  show(view: BadgeView): void {
    const same = this.view?.of === view.of;
    this.view = view;
    if (same) return;
    const button = makeButton(view);
    onTrusted(button, "click", () => this.toggle());
    this.button = button;
    this.popover = null;
    this.box.replaceChildren(button);
  }

  hide(): void {
    this.view = this.button = this.popover = null;
    this.box.replaceChildren();
  }

  toggle(): void {
    if (this.popover) this.close();
    else this.open();
  }

  open(): void {
    if (!this.view || !this.button || this.popover) return;
    const active = document.activeElement;
    this.cameFrom = active === document.body ? null : active;
    this.popover = makePopover(this.view, { ...this.acts, close: () => this.close() });
    this.box.prepend(this.popover);
    this.button.setAttribute("aria-expanded", "true");
    this.popover.focus({ preventScroll: true });
  }

  private close(): void {
    this.popover?.remove();
    this.popover = null;
    this.button?.setAttribute("aria-expanded", "false");
    this.giveBackFocus();
    this.acts.closed();
  }

  private giveBackFocus(): void {
    const host = (this.box.getRootNode() as ShadowRoot).host;
    if (this.cameFrom instanceof HTMLElement && this.cameFrom !== host) this.cameFrom.focus({ preventScroll: true });
    else this.button?.focus({ preventScroll: true });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.popover) return;
    event.preventDefault();
    this.close();
  }
}

function makeButton(view: BadgeView): HTMLButtonElement {
  const properties = { class: "badge", type: "button", "aria-expanded": "false", "aria-haspopup": "dialog" };
  return make("button", { ...properties, "aria-label": spokenOf(view) }, make("span", { class: "dot" }), view.label);
}
