import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { gated } from "./daemon";
import { Gates } from "./gates";
import { checkNewText } from "./selection";
import { browser, pages, withBrowser } from "./session";
import { BadgeView } from "./shadow";

/** A daemon that loads, has too much to do, or is of another time: each said in its own words, and over by itself. */

const gates = new Gates();

withBrowser({ start: gated(gates.folder) });

afterAll(() => gates.open("read"));

const PATIENT = { timeout: 10_000 };

async function marked(page: Page): Promise<void> {
  await (await BadgeView.on(page)).shown(".badge", 20_000);
}

test("while the model loads, popup and popover say so; then page and selection are read without being asked again", async () => {
  const page = await browser.open(pages.url("leak.html"));
  await expect.poll(() => browser.toolbarText(page)).toBe("…");
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "The daemon is loading its model. This page is next." }).waitFor();
  await popup.getByText(/^Daemon \S+ is loading its model\.$/).waitFor();
  const other = await browser.open(pages.url("no-article.html"));
  await checkNewText(other);
  const badge = await BadgeView.on(other);
  await expect.poll(() => badge.text(".popover"), PATIENT).toContain("The daemon is loading its model.");
  await page.bringToFront();
  gates.open("load");
  for (let waiting = 2; waiting > 0; waiting--) await gates.letOne("read");
  await marked(page);
  await expect.poll(() => badge.text(".popover"), { timeout: 20_000 }).toContain("The selection carries 1 note.");
});

test("a daemon with too many pages before it says that it is busy, and reads every one in the end", async () => {
  const names = ["leak.html", "split.html", "outside.html"];
  const opened: Page[] = [];
  for (const name of names) opened.push(await browser.open(pages.url(name)));
  let waiting: Page | undefined;
  await expect
    .poll(async () => {
      for (const page of opened) if ((await browser.toolbarText(page)) === "…") waiting = page;
      return waiting;
    }, PATIENT)
    .toBeDefined();
  const popup = await browser.popupOver(waiting as Page);
  await popup
    .getByRole("heading", { name: "The daemon has other pages to read first. This one waits in line." })
    .waitFor();
  gates.open("read");
  for (const page of opened) await marked(page);
});

/** In the place of a daemon: pairs, and leaves without an answer what it is given none for. */
async function standIn(answerTo: (path: string) => object | null): Promise<{ server: Server; port: number }> {
  const server = createServer(({ url = "" }, response) => {
    const answer = url === "/v1/pair" ? { token: "t", name: "n" } : answerTo(url);
    if (!answer) return;
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

async function end(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A daemon of a later time, as far as its protocol goes. */
function laterDaemon(path: string): object {
  const status = { name: "telltale", version: "9.0.0", protocol: 9, state: "ready", model: "m" };
  return path === "/v1/status" ? status : { verdict: "perhaps" };
}

test("a daemon of another version is told from one that is off", async () => {
  const { server, port } = await standIn(laterDaemon);
  await browser.pair(port, "AAAA-AAAA");
  const page = await browser.open(pages.url("leak.html"));
  await expect.poll(() => browser.toolbarText(page)).toBe("?");
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "The daemon and this extension are of different versions." }).waitFor();
  expect(await (await BadgeView.on(page)).text(".badge")).toBeNull();
  await end(server);
});

test("a daemon that takes connections and never answers leaves neither popup nor options blank, and is told of", async () => {
  const { server, port } = await standIn(() => null);
  await browser.pair(port, "AAAA-AAAA");
  const page = await browser.open(pages.url("leak.html"));
  const popup = await browser.popupOver(page);
  await popup.getByRole("heading", { name: "Asking the daemon…" }).waitFor();
  await popup.getByText("The daemon is there but did not answer within 5 seconds.").waitFor();
  await popup.getByRole("button", { name: "Check again" }).click();
  await popup.getByRole("heading", { name: "Asking the daemon…" }).waitFor();
  const options = await browser.open(`${browser.origin}/options.html`);
  await options.getByText("Asking the daemon…").waitFor();
  await options.getByRole("textbox", { name: "Site" }).fill("news.example");
  await options.getByText("The daemon is there but did not answer within 5 seconds.").waitFor();
  expect(await options.getByRole("textbox", { name: "Site" }).inputValue()).toBe("news.example");
  await end(server);
});
