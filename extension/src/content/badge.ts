import { make, onTrusted } from "../shared/elements";
import { language } from "../shared/words";
import { makePopover, type PopoverActs } from "./popover";
import { type BadgeView, spokenOf } from "./view";

export interface BadgeActs extends Omit<PopoverActs, "close"> {
  /** The popover was closed by the person. */
  closed: () => void;
}

/** The button at the page's corner and the popover it opens. */
export class Badge {
  private readonly box = make("div", { class: "box", lang: language() });
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
    const { hasFocus, isOpen } = this;
    this.makeButton(view);
    this.popover = null;
    this.box.replaceChildren(...(this.button ? [this.button] : []));
    if (hasFocus && isOpen) this.giveBackFocus();
    else if (hasFocus) this.button?.focus({ preventScroll: true });
  }

  /** Shows what a decision, made in the open popover, made of the page; the popover stays open, and the keyboard where it was. */
  change(view: BadgeView): void {
    const { hasFocus } = this;
    const at = placeOfFocus(this.popover);
    this.view = view;
    this.makeButton(view);
    this.button?.setAttribute("aria-expanded", "true");
    this.popover = this.makePopover(view);
    this.popover.classList.add("still");
    this.box.replaceChildren(this.popover, ...(this.button ? [this.button] : []));
    if (hasFocus) (itemAt(this.popover, at)?.querySelector("button") ?? this.popover).focus({ preventScroll: true });
  }

  hide(): void {
    const wasInside = this.isOpen && this.hasFocus;
    this.view = this.button = this.popover = null;
    this.box.replaceChildren();
    if (wasInside) this.giveBackFocus();
  }

  toggle(): void {
    if (this.popover) this.close();
    else this.open();
  }

  open(): void {
    if (!this.view || !this.button || this.popover) return;
    const active = document.activeElement;
    this.cameFrom = active === document.body ? null : active;
    this.popover = this.makePopover(this.view);
    this.box.prepend(this.popover);
    this.button.setAttribute("aria-expanded", "true");
    this.popover.focus({ preventScroll: true });
  }

  private makePopover(view: BadgeView): HTMLElement {
    return makePopover(view, { ...this.acts, close: () => this.close() });
  }

  private makeButton(view: BadgeView): void {
    const button = makeButton(view);
    onTrusted(button, "click", () => this.toggle());
    this.button = button;
  }

  private close(): void {
    this.popover?.remove();
    this.popover = null;
    this.button?.setAttribute("aria-expanded", "false");
    this.giveBackFocus();
    this.acts.closed();
  }

  /** Only a keyboard that was in here is moved; else the person is elsewhere on the page. */
  private get hasFocus(): boolean {
    return this.box.contains((this.box.getRootNode() as ShadowRoot).activeElement);
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

/** Which note's button was pressed; -1 for none. */
function placeOfFocus(popover: HTMLElement | null): number {
  if (!popover) return -1;
  const focused = (popover.getRootNode() as ShadowRoot).activeElement;
  return [...popover.querySelectorAll(".note")].findIndex((item) => item.contains(focused));
}

function itemAt(popover: HTMLElement, index: number): Element | undefined {
  return index < 0 ? undefined : popover.querySelectorAll(".note")[index];
}
