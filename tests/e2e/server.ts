import { createReadStream, existsSync } from "node:fs";
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
const TYPES: Record<string, string> = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };

/** Every page forbids inline styles and scripts: the extension must get along with the strictest of sites. */
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'";

export async function servePages(): Promise<PageServer> {
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://courier.localhost").pathname;
    send(path.startsWith("/app/") ? "/app.html" : path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: (path) => `http://courier.localhost:${port}/${path}`, stop };
}

function send(path: string, response: ServerResponse): void {
  if (path === "/favicon.ico") return void response.writeHead(204).end();
  const file = join(PAGES, path);
  if (!file.startsWith(PAGES) || !existsSync(file)) return void response.writeHead(404).end();
  const type = `${TYPES[extname(path)] ?? "text/plain"}; charset=utf-8`;
  response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": POLICY });
  createReadStream(file).pipe(response);
}
