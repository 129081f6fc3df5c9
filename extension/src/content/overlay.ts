import { make } from "../shared/elements";

/** Lines drawn under text from outside of it, for browsers without the CSS Custom Highlight API. */
export class OverlayLines {
  private ranges: readonly Range[] = [];
  private readonly layer = make("div", { class: "lines", "aria-hidden": "true" });
  private scheduled = 0;
  /** Text also moves when pictures arrive or the page puts something above it. */
  private readonly sizes = new ResizeObserver(() => this.schedule());

  constructor(parent: ParentNode) {
    parent.append(this.layer);
  }

  show(ranges: readonly Range[]): void {
    this.ranges = ranges;
    addEventListener("scroll", this.schedule, { passive: true, capture: true });
    addEventListener("resize", this.schedule, { passive: true });
    this.sizes.observe(document.body);
    this.draw();
  }

  clear(): void {
    this.ranges = [];
    removeEventListener("scroll", this.schedule, { capture: true });
    removeEventListener("resize", this.schedule);
    this.sizes.disconnect();
    cancelAnimationFrame(this.scheduled);
    this.layer.replaceChildren();
  }

  /** Once a frame at most: text moves with every scroll event. */
  private readonly schedule = (): void => {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = requestAnimationFrame(() => this.draw());
  };

  private draw(): void {
    const boxes = this.ranges.flatMap((range) => [...range.getClientRects()]);
    this.layer.replaceChildren(...boxes.map(lineUnder));
  }
}

function lineUnder(box: DOMRect): HTMLElement {
  const line = make("div", { class: "line" });
  line.style.left = `${box.left}px`;
  line.style.top = `${box.bottom - 1}px`;
  line.style.width = `${box.width}px`;
  return line;
}
