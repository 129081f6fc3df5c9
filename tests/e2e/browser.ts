import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { onPath } from "./on-path";

/** As much of the extension's own API as is called in its background. */
declare const chrome: {
  storage: { local: { set: (items: object) => Promise<void> } };
  tabs: { query: (wanted: object) => Promise<{ id?: number }[]> };
  contextMenus: { onClicked: { dispatch: (info: object, tab: object | undefined) => void } };
  runtime: { reload: () => void };
  developerPrivate: { updateExtensionConfiguration: (choice: object) => Promise<void> };
  action: { getBadgeText: (tab: { tabId: number | undefined }) => Promise<string> };
};

/** A real Chromium with the built extension and a fresh profile. */
export class Chromium {
  /** Errors that any page, popup or the background wrote to a console. */
  readonly errors: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly origin: string,
    private readonly profile: string,
  ) {
    context.on("page", (page) => this.listen(page));
    context.on("weberror", (error) => this.errors.push(String(error.error())));
    for (const page of context.pages()) this.listen(page);
  }

  static async launch({ headless = true, extension = EXTENSION } = {}): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), "telltale-profile-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath(),
      headless,
      args: [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`, ...ARGUMENTS],
      viewport: headless ? { width: 1000, height: 760 } : null,
    });
    context.setDefaultTimeout(10_000);
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
    return new Chromium(context, `chrome-extension://${new URL(worker.url()).host}`, profile);
  }

  /** Pairs by the address that `scripts/run --demo` uses. */
  async pair(port: number, code: string): Promise<void> {
    const page = await this.context.newPage();
    await page.goto(`${this.origin}/pairing.html#code=${code}&port=${port}`);
    await page.getByText("Paired.").waitFor();
    await page.close();
  }

  /** Has the extension look for the daemon on this port, unpaired. */
  async moveTo(port: number): Promise<void> {
    await this.inBackground((at) => chrome.storage.local.set({ daemon: { port: at, token: null } }), port);
  }

  /** As the options page would store it; whatever is not named is as usual. */
  async prefer(preferences: object): Promise<void> {
    await this.inBackground((chosen) => chrome.storage.local.set({ preferences: chosen }), preferences);
  }

  /** The browser tells the extension of a click in its context menu over this page. */
  async clickMenu(page: Page, menuItemId: string): Promise<void> {
    await page.bringToFront();
    await this.inBackground(async (id) => {
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      chrome.contextMenus.onClicked.dispatch({ menuItemId: id, frameId: 0 }, tab);
    }, menuItemId);
  }

  /** What stands on the toolbar icon while this page is the active one. */
  async toolbarText(page: Page): Promise<string> {
    await page.bringToFront();
    return this.inBackground(async () => {
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      return chrome.action.getBadgeText({ tabId: tab?.id });
    }, null);
  }

  /** Denies the extension what Chromium asks of web pages that reach for this computer. */
  async denyLocalNetwork(): Promise<void> {
    const session = await this.context.newCDPSession(this.context.pages()[0] ?? (await this.context.newPage()));
    for (const name of ["local-network-access", "local-network", "loopback-network"])
      await session.send("Browser.setPermission", { permission: { name }, setting: "denied", origin: this.origin });
    await session.detach();
  }

  /** As a person chooses "on click" or "on all sites" for the extension in the browser's own settings. */
  async setSiteAccess(hostAccess: "ON_CLICK" | "ON_ALL_SITES"): Promise<void> {
    const page = await this.open("chrome://extensions");
    const extensionId = new URL(this.origin).host;
    await page.evaluate((choice) => chrome.developerPrivate.updateExtensionConfiguration(choice), {
      extensionId,
      hostAccess,
    });
    await page.close();
  }

  /** Loads the extension again as it now stands on disk, and with it every page. */
  async reload(): Promise<void> {
    const again = this.context.waitForEvent("serviceworker");
    await this.inBackground(() => chrome.runtime.reload(), null);
    await again;
    for (const page of this.context.pages()) if (page.url().startsWith("http")) await page.reload();
  }

  async open(url: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(url);
    return page;
  }

  /** The popup as it would open over this page: in a tab behind it, so that the page is the active one. */
  async popupOver(page: Page): Promise<Page> {
    const popup = await this.context.newPage();
    await page.bringToFront();
    await popup.goto(`${this.origin}/popup.html`);
    return popup;
  }

  /** All but one: a browser without a page would end. */
  async closePages(): Promise<void> {
    const blank = await this.context.newPage();
    for (const page of this.context.pages()) if (page !== blank) await page.close();
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  private inBackground<A, R>(act: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    const [worker] = this.context.serviceWorkers();
    if (!worker) throw new Error("The extension's service worker is not running.");
    return worker.evaluate(act as never, argument) as Promise<R>;
  }

  private listen(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.errors.push(message.text());
    });
  }
}

/** Branded Chrome is not asked: it no longer loads extensions by an argument. */
export function chromiumPath(): string {
  return process.env.CHROMIUM ?? onPath("Chromium", ["chromium", "chromium-browser"]);
}

export const EXTENSION = join(import.meta.dirname, "../../extension/.output/chrome-mv3");

const ARGUMENTS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--lang=en-US",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
