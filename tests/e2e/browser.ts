import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";

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

  static async launch(): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), "telltale-profile-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      headless: true,
      args: ARGUMENTS,
      viewport: { width: 1000, height: 760 },
    });
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

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  private listen(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.errors.push(message.text());
    });
  }
}

const EXTENSION = join(import.meta.dirname, "../../extension/.output/chrome-mv3");

const ARGUMENTS = [
  `--disable-extensions-except=${EXTENSION}`,
  `--load-extension=${EXTENSION}`,
  "--host-resolver-rules=MAP *.example 127.0.0.1",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--lang=en-US",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
