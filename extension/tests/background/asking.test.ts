import { beforeEach, expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing";
import { forgetClosedTabs, pageGivenTo } from "../../src/background/given";
import { handlers } from "../../src/background/handlers";
import { writePairing } from "../../src/background/pairing";
import type { MessageSender } from "../../src/protocol/client";
import type { PageState } from "../../src/protocol/state";
import { reading } from "../readings";

/** Questions of tabs that go on, ask anew or are closed, at a daemon that answers when the test has it answer. */

const URL = "https://news.example/a";
const SENDER = { url: URL, frameId: 0, tab: { id: 1 } } as MessageSender;

let open: { url: string; answer: () => void }[];

/** Like the browser's own: it fails at once when it is aborted. */
function fetchLater(url: string, { signal }: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const json = JSON.stringify(reading("undisclosed"));
    const headers = { "Content-Type": "application/json" };
    signal?.addEventListener("abort", () => reject(signal.reason));
    open.push({ url, answer: () => resolve(new Response(json, { headers })) });
  });
}

async function ask(hidden = false, sender = SENDER): Promise<PageState> {
  const page = { url: URL, title: "A", blocks: [] };
  return handlers.page({ kind: "page", page, hidden }, sender);
}

async function opened(count: number): Promise<void> {
  await vi.waitFor(() => expect(open).toHaveLength(count));
}

beforeEach(async () => {
  open = [];
  vi.stubGlobal("fetch", vi.fn(fetchLater));
  await writePairing({ port: 9001, token: "secret" });
});

test("a question is given up when its tab asks anew, and only the later answer counts", async () => {
  const first = ask(true).catch(() => "given up");
  await opened(1);
  const second = ask();
  expect(await first).toBe("given up");
  await opened(2);
  expect(open.map(({ url }) => url.split("/v1/")[1])).toEqual(["pages?hidden=1", "pages"]);
  open[1]?.answer();
  expect(await second).toMatchObject({ kind: "verdict" });
  expect(await pageGivenTo(SENDER)).toBe(57);
});

test("a question is given up when its tab is closed", async () => {
  forgetClosedTabs();
  const asked = ask().catch(() => "given up");
  await opened(1);
  await fakeBrowser.tabs.onRemoved.trigger(1, { windowId: 1, isWindowClosing: false });
  expect(await asked).toBe("given up");
});

test("a frame cannot end the question of its tab's page", async () => {
  const asked = ask();
  await opened(1);
  expect(await ask(false, { ...SENDER, frameId: 7 })).toMatchObject({ kind: "error" });
  open[0]?.answer();
  expect(await asked).toMatchObject({ kind: "verdict" });
});
