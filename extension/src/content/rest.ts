/** Quiet for this long counts as rest. */
const QUIET_MS = 300;
/** A page that never rests (tickers, players) is looked at all the same. */
const LONGEST_WAIT_MS = 2000;

/** Tells when a page has come to rest after what it did. */
export class Rest {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince = 0;
  private lookedAt = 0;
  private gap = 0;

  /** Each look at a restless page doubles the wait before the next one, up to `longestGapMs`. */
  constructor(
    private readonly act: () => void,
    private readonly longestGapMs: number,
  ) {}

  wait(): void {
    const now = performance.now();
    if (this.timer === undefined) this.waitingSince = now;
    clearTimeout(this.timer);
    const rest = Math.min(QUIET_MS, this.waitingSince + LONGEST_WAIT_MS - now);
    const gap = this.lookedAt + this.gap - now;
    this.timer = setTimeout(() => this.look(), Math.max(rest, gap, 0));
  }

  /** Another page is shown: how restless the one before was says nothing of it. */
  begin(): void {
    this.gap = 0;
    this.wait();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    this.timer = undefined;
    const now = performance.now();
    const restless = now - this.lookedAt < 2 * this.gap + LONGEST_WAIT_MS;
    this.gap = restless ? Math.min(Math.max(this.gap * 2, QUIET_MS), this.longestGapMs) : 0;
    this.lookedAt = now;
    this.act();
  }
}
