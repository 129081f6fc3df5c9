import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

/**
 * Serves tests/e2e/pages as a small newspaper at http://courier.localhost: browsers resolve every name under
 * `localhost` to this computer by themselves, and it counts as an outlet of its own.
 */
export interface PageServer {
  url: (path: string) => string;
  stop: () => Promise<void>;
}

const PAGES = join(import.meta.dirname, "pages");
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
};

/** Every page forbids inline styles and scripts: the extension must get along with the strictest of sites. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'self'";

export async function servePages(port = 0): Promise<PageServer> {
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://courier.localhost").pathname;
    send(path.startsWith("/app/") ? "/app.html" : path, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: bound } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: (path) => `http://courier.localhost:${bound}/${path}`, stop };
}

function send(path: string, response: ServerResponse): void {
  const made = MADE[path]?.();
  const file = join(PAGES, path.startsWith("/awkward/endless/") ? "/awkward/endless.html" : path);
  if (made !== undefined) answer(response, ".html", made);
  else if (path === "/favicon.ico") response.writeHead(204).end();
  else if (!file.startsWith(PAGES) || !existsSync(file)) response.writeHead(404).end();
  else if (extname(file) === ".html") answer(response, ".html", withIncludes(readFileSync(file, "utf8")));
  else answer(response, extname(file), readFileSync(file));
}

const MADE: Record<string, () => string> = { "/": indexPage, "/awkward/huge.html": hugePage };

function answer(response: ServerResponse, type: string, body: string | Buffer): void {
  const headers = { "Content-Type": TYPES[type] ?? "text/plain; charset=utf-8", "Content-Security-Policy": POLICY };
  response.writeHead(200, headers).end(body);
}

/** `<!-- include leak -->` stands for what is in the article of leak.html. */
function withIncludes(page: string): string {
  return page.replace(/<!-- include (\w+) -->/g, (_, name) => articleOf(name));
}

function articleOf(name: string): string {
  const page = readFileSync(join(PAGES, `${name}.html`), "utf8");
  return /<article>(.*)<\/article>/s.exec(page)?.[1] ?? "";
}

/** A page of a megabyte: an archive's worth of teasers, comments and scripts around one article. */
function hugePage(): string {
  const page = withIncludes(readFileSync(join(PAGES, "awkward/twice.html"), "utf8"));
  const comment =
    "<li class='comment'><p>A reader wrote that <b>the bridge</b> had been a bridge for long enough.</p></li>";
  const data = `<script type="application/json">${JSON.stringify({ filler: "x".repeat(500_000) })}</script>`;
  return page.replace("</body>", `<ol id="comments">${comment.repeat(5000)}</ol>${data}</body>`);
}

/** What `scripts/dev` opens: every page with what is awkward about it. */
function indexPage(): string {
  const plain = readdirSync(PAGES).filter((name) => name.endsWith(".html"));
  const awkward = readdirSync(join(PAGES, "awkward")).filter((name) => name.endsWith(".html"));
  const lines = [...plain.map((name) => ["", name] as const), ...awkward.map((name) => ["awkward/", name] as const)];
  const items = lines.map(
    ([folder, name]) => `<li><a href="/${folder}${name}">${name}</a> ${about(folder + name)}</li>`,
  );
  const huge = "<li><a href='/awkward/huge.html'>huge.html</a> A megabyte.</li>";
  return `<!doctype html><meta charset="utf-8"><title>Test pages</title><h1>Test pages</h1><ul>${items.join("")}${huge}</ul>`;
}

function about(path: string): string {
  return /^<!doctype html>\n<!-- (.*) -->/.exec(readFileSync(join(PAGES, path), "utf8"))?.[1] ?? "";
}
