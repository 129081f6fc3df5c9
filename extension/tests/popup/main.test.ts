// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
// Loaded before the test, whose time does not have room for it on a busy machine.
import "../../src/popup/render";
import "../../src/popup/view";
import "../../src/shared/access";
import type { DaemonState } from "../../src/protocol/state";

/** The popup of a daemon that takes its time. */

const [askBackground, askPage] = vi.hoisted(() => [vi.fn(), vi.fn()]);
vi.mock("../../src/protocol/client", () => ({ askBackground, askPage }));

vi.setConfig({ testTimeout: 20_000 });

test("says that the daemon is being asked, then that it did not answer", async () => {
  let answer: (daemon: DaemonState) => void = () => {};
  askBackground.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
  askPage.mockResolvedValue({ state: { kind: "reading" }, site: "news.example" });
  Object.assign(fakeBrowser.tabs, { query: async () => [{ id: 7 }] });
  document.body.innerHTML = "<main id='main'></main>";
  await import("../../src/popup/main");
  const heading = () => document.querySelector("h1")?.textContent;
  await vi.waitFor(() => expect(heading()).toBe("Asking the daemon…"));
  answer({ kind: "error", sentence: "It did not answer." });
  await vi.waitFor(() => expect(heading()).toBe("Something went wrong."));
  expect(document.body.textContent).toContain("It did not answer.");
});
