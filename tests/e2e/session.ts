import { Chromium } from "./browser";
import { Daemon } from "./daemon";
import { type PageServer, servePages } from "./server";

/** What the tests of one file share; there once its first test runs. */
export let daemon: Daemon;
export let pages: PageServer;
export let browser: Chromium;

export interface Session {
  /** The built extension, unless another is named. */
  extension?: string;
  /** How the daemon is started, if not as usual. */
  start?: Parameters<typeof Daemon.start>[0];
  /** Whether the extension is paired with the daemon before the first test. */
  paired?: boolean;
  /** Whether each test ends with an empty browser in which nothing complained. */
  tidied?: boolean;
}

/** A daemon, the test pages and a paired Chromium for all tests of the file that calls this. */
export function withBrowser({ extension, start, paired = true, tidied = true }: Session = {}): void {
  beforeAll(async () => {
    const launched = Chromium.launch(extension ? { extension } : {});
    [daemon, pages, browser] = await Promise.all([Daemon.start(start), servePages(), launched]);
    if (paired) await browser.pair(daemon.port, daemon.code());
  });

  afterEach(async () => {
    if (!tidied) return;
    expect(browser.errors.splice(0)).toEqual([]);
    await browser.closePages();
  });

  afterAll(async () => {
    await browser?.close();
    await pages?.stop();
    await daemon?.remove();
  });
}
