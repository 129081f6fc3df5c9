import { addressOf, isOtherPage } from "./address";
import { Rest } from "./rest";

/** What the page did. All but `moved` come late on purpose: after it has come to rest. */
export interface PageEvents {
  /** Another page is shown under another address, without a load. Called at once. */
  moved: () => void;
  /** The document changed and has been quiet since. */
  changed: () => void;
  /** Text that was hidden may be shown by now. */
  revealed: () => void;
}

/** How long a look at the whole page waits where the page never rests, and a look at the few elements that are hidden. */
const LONGEST_GAP_MS = 30_000;
const LONGEST_HIDDEN_GAP_MS = 2000;

const ALL: MutationObserverInit = { childList: true, characterData: true, subtree: true };
/** What may show a hidden element: what it or any other says of itself, and style sheets that come or go. */
const LOOKS: MutationObserverInit = {
  attributes: true,
  attributeFilter: ["class", "style", "hidden"],
  childList: true,
  subtree: true,
};

/**
 * Watches a page for navigation and change from outside, without patching anything of it. The observer's callback
 * only sets a timer: it runs in the page's own time.
 */
export class Watcher {
  private readonly observer = new MutationObserver(() => this.onMutation());
  /** Sites that load pages by script put another body in the place of the one that is watched. */
  private readonly bodies = new MutationObserver(() => this.onBody());
  /** Only while something is hidden: animations set styles at every frame. */
  private readonly looks = new MutationObserver(() => this.hidden.wait());
  private readonly rest: Rest;
  /** A rest of its own: how often styles change says nothing of how often the text does. */
  private readonly hidden: Rest;
  private body: Element | null = null;
  private address = addressOf(location);

  constructor(private readonly events: PageEvents) {
    this.rest = new Rest(events.changed, LONGEST_GAP_MS);
    this.hidden = new Rest(events.revealed, LONGEST_HIDDEN_GAP_MS);
  }

  start(): void {
    this.watchBody();
    this.bodies.observe(document.documentElement, { childList: true });
    navigationOf(window)?.addEventListener("currententrychange", this.checkAddress);
    addEventListener("popstate", this.checkAddress);
    addEventListener("hashchange", this.checkAddress);
    this.rest.wait();
  }

  /** A change in a shadow root is not seen from outside. Watching one twice is watching it once. */
  watchAlso(roots: Iterable<ShadowRoot>): void {
    for (const root of roots) this.observer.observe(root, ALL);
  }

  /** Watches for these elements to be shown, in place of those before; none is the usual case. */
  watchHidden(elements: readonly Element[]): void {
    this.looks.disconnect();
    this.hidden.stop();
    if (elements.length === 0) return;
    for (const root of [document.documentElement, ...rootsAround(elements)]) this.looks.observe(root, LOOKS);
  }

  stop(): void {
    this.observer.disconnect();
    this.bodies.disconnect();
    this.watchHidden([]);
    this.rest.stop();
    navigationOf(window)?.removeEventListener("currententrychange", this.checkAddress);
    removeEventListener("popstate", this.checkAddress);
    removeEventListener("hashchange", this.checkAddress);
  }

  /** An application changes its address before, after or while it changes its text: all lead here. */
  private readonly checkAddress = (): void => {
    const [before, now] = [this.address, addressOf(location)];
    this.address = now;
    if (!isOtherPage(before, now)) return;
    this.events.moved();
    this.rest.begin();
  };

  private watchBody(): void {
    this.body = document.body ?? document.documentElement;
    this.observer.observe(this.body, ALL);
  }

  /** What else is put beside the body, the badge among it, is no change of the text. */
  private onBody(): void {
    if (document.body === null || document.body === this.body) return;
    this.watchBody();
    this.onMutation();
  }

  private onMutation(): void {
    this.checkAddress();
    this.rest.wait();
  }
}

/** The shadow roots that the elements stand in, each in the next. */
function rootsAround(elements: readonly Element[]): Set<ShadowRoot> {
  const roots = new Set<ShadowRoot>();
  for (const element of elements)
    for (let root = element.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode()) roots.add(root);
  return roots;
}

/** The Navigation API, where the browser has it: it tells of `pushState`, which fires no event of its own. */
function navigationOf(target: object): EventTarget | undefined {
  return (target as { navigation?: EventTarget }).navigation;
}
