import type { Note, Reading } from "../protocol/reading";
import { make, onTrusted } from "../shared/elements";
import { familyName, plural, t } from "../shared/words";
import { makePopover, type PopoverActs } from "./popover";

/** What the badge shows: the reading, and which of its notes have a place on the page. */
export interface BadgeView {
  reading: Reading;
  isPlaced: (note: Note) => boolean;
}

/** The button at the page's corner and the popover it opens. */
export class Badge {
  private readonly box = make("div", { class: "box" });
  private button: HTMLButtonElement | null = null;
  private popover: HTMLElement | null = null;
  private view: BadgeView | null = null;

  constructor(
    root: ShadowRoot,
    private readonly acts: Omit<PopoverActs, "close">,
  ) {
    root.append(this.box);
    onTrusted(root as unknown as HTMLElement, "keydown", (event) => this.onKey(event));
  }

  /** A popover that is open stays open while the page only moved the text of the same reading. */
  show(view: BadgeView): void {
    const same = this.view?.reading === view.reading;
    this.view = view;
    if (same) return;
    const button = makeButton(view.reading);
    onTrusted(button, "click", () => this.toggle());
    this.button = button;
    this.popover = null;
    this.box.replaceChildren(button);
  }

  hide(): void {
    this.view = this.button = this.popover = null;
    this.box.replaceChildren();
  }

  private toggle(): void {
    if (this.popover) this.close();
    else this.open();
  }

  private open(): void {
    if (!this.view || !this.button) return;
    this.popover = makePopover(this.view, { ...this.acts, close: () => this.close() });
    this.box.prepend(this.popover);
    this.button.setAttribute("aria-expanded", "true");
    this.popover.focus({ preventScroll: true });
  }

  private close(): void {
    this.popover?.remove();
    this.popover = null;
    this.button?.setAttribute("aria-expanded", "false");
    this.button?.focus({ preventScroll: true });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.popover) return;
    event.preventDefault();
    this.close();
  }
}

function makeButton({ verdict, notes }: Reading): HTMLButtonElement {
  const undisclosed = verdict === "undisclosed";
  const words = undisclosed ? plural("badge_undisclosed", notes.length, notes.length) : t("badge_disclosed");
  const heading = undisclosed ? t("heading_undisclosed") : t("heading_disclosed");
  const first = notes[0] ? familyName(notes[0].family) : "";
  const label = `Telltale: ${words}. ${heading} ${first}`.trim();
  const properties = { class: "badge", type: "button", "aria-expanded": "false", "aria-haspopup": "dialog" };
  return make("button", { ...properties, "aria-label": label }, make("span", { class: "dot" }), words);
}
