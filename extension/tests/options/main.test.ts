// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
// Loaded before the test, whose time does not have room for it on a busy machine.
import "../../src/options/render";
import type { DaemonState } from "../../src/protocol/state";

/** The options of a daemon that takes its time. */

const askBackground = vi.hoisted(() => vi.fn());
vi.mock("../../src/protocol/client", () => ({ askBackground }));

vi.setConfig({ testTimeout: 20_000 });

test("are there before the daemon answers, and its answer leaves what a person types", async () => {
  let answer: (daemon: DaemonState) => void = () => {};
  askBackground.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  Object.assign(fakeBrowser, { commands: { getAll: async () => [] } });
  Object.assign(fakeBrowser.runtime, { getManifest: () => ({ version: "0.1.0" }) });
  document.body.innerHTML = "<main id='main'></main>";
  await import("../../src/options/main");
  await vi.waitFor(() => expect(document.body.textContent).toContain("Asking the daemon…"));
  const site = document.querySelector<HTMLInputElement>("#site");
  if (site) site.value = "news.example";
  answer({ kind: "off" });
  await vi.waitFor(() => expect(document.body.textContent).toContain("The Telltale daemon is not running."));
  expect(document.querySelector<HTMLInputElement>("#site")?.value).toBe("news.example");
  expect(document.body.textContent).not.toContain("Asking");
});
