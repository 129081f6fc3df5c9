import { addressOf } from "./address";

/** What the page did. Both come late on purpose: after it has come to rest. */
export interface PageEvents {
  /** Another page is shown under another address, without a load. Called at once. */
  moved: () => void;
  /** The document changed and has been quiet since. */
  changed: () => void;
}

/** Quiet for this long counts as rest. */
const QUIET_MS = 300;
/** A page that never rests (tickers, players) is looked at all the same. */
const LONGEST_WAIT_MS = 2000;
/** Each look at a restless page doubles the wait before the next one, up to this. */
const LONGEST_GAP_MS = 30_000;

const ALL: MutationObserverInit = { childList: true, characterData: true, subtree: true };

/**
 * Watches a page for navigation and change from outside, without patching anything of it. The observer's callback
 * only sets a timer: it runs in the page's own time.
 */
export class Watcher {
  private readonly observer = new MutationObserver(() => this.onMutation());
  /** Sites that load pages by script put another body in the place of the one that is watched. */
  private readonly bodies = new MutationObserver(() => this.onBody());
  private body: Element | null = null;
  private address = addressOf(location);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince = 0;
  private lookedAt = 0;
  private gap = 0;

  constructor(private readonly events: PageEvents) {}

  start(): void {
    this.watchBody();
    this.bodies.observe(document.documentElement, { childList: true });
    navigationOf(window)?.addEventListener("currententrychange", this.checkAddress);
    addEventListener("popstate", this.checkAddress);
    addEventListener("hashchange", this.checkAddress);
    this.wait();
  }

  /** A change in a shadow root is not seen from outside. Watching one twice is watching it once. */
  watchAlso(roots: Iterable<ShadowRoot>): void {
    for (const root of roots) this.observer.observe(root, ALL);
  }

  stop(): void {
    this.observer.disconnect();
    this.bodies.disconnect();
    clearTimeout(this.timer);
    navigationOf(window)?.removeEventListener("currententrychange", this.checkAddress);
    removeEventListener("popstate", this.checkAddress);
    removeEventListener("hashchange", this.checkAddress);
  }

  /** An application changes its address before, after or while it changes its text: all lead here. */
  private readonly checkAddress = (): void => {
    const now = addressOf(location);
    if (now === this.address) return;
    this.address = now;
    this.gap = 0;
    this.events.moved();
    this.wait();
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
    this.wait();
  }

  private wait(): void {
    const now = performance.now();
    if (this.timer === undefined) this.waitingSince = now;
    clearTimeout(this.timer);
    const rest = Math.min(QUIET_MS, this.waitingSince + LONGEST_WAIT_MS - now);
    const gap = this.lookedAt + this.gap - now;
    this.timer = setTimeout(() => this.look(), Math.max(rest, gap, 0));
  }

  private look(): void {
    this.timer = undefined;
    const now = performance.now();
    const restless = now - this.lookedAt < 2 * this.gap + LONGEST_WAIT_MS;
    this.gap = restless ? Math.min(Math.max(this.gap * 2, QUIET_MS), LONGEST_GAP_MS) : 0;
    this.lookedAt = now;
    this.events.changed();
  }
}

/** The Navigation API, where the browser has it: it tells of `pushState`, which fires no event of its own. */
function navigationOf(target: object): EventTarget | undefined {
  return (target as { navigation?: EventTarget }).navigation;
}
