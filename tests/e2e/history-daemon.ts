import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromiumPath } from "./browser";
import { COMMAND, Daemon } from "./daemon";

const ROOT = join(import.meta.dirname, "../..");
const PYTHON = join(dirname(COMMAND), "python");
const AXE = readFileSync(join(ROOT, "extension/node_modules/axe-core/axe.min.js"), "utf8");

declare const axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };

/** A daemon whose history shows everything there is to show; it needs no model. */
export function startShownHistory(): Promise<Daemon> {
  return Daemon.start({
    command: PYTHON,
    args: (data, port) => [join(ROOT, "tests/helpers/shown_history.py"), data, String(port)],
    env: { ...process.env, PYTHONPATH: join(ROOT, "daemon") },
  });
}

/** A browser without the extension, that has come to the history by a ticket. */
export class Reviewer {
  private constructor(
    private readonly browser: Browser,
    private readonly daemon: Daemon,
  ) {}

  static async launch(daemon: Daemon): Promise<Reviewer> {
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return new Reviewer(await chromium.launch({ executablePath: chromiumPath(), args }), daemon);
  }

  /** A page of the history in a window of its own, opened as `telltale open` opens it. */
  async open(path: string, { width = 1000, colorScheme = "light" as "light" | "dark" } = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const told = execFileSync(
      COMMAND,
      ["open", "--print", "--port", String(this.daemon.port), "--data", this.daemon.data],
      {
        encoding: "utf8",
      },
    );
    await page.goto(told.trim());
    await page.waitForURL(this.url("/"));
    await page.goto(this.url(path));
    return page;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.daemon.port}${path}`;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** What axe-core finds amiss in a page. The page's own policy lets no script in but its own: axe goes around it. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => (await axe.run()).violations);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
