// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
// Loaded before the test, whose time does not have room for it on a busy machine.
import "../../src/popup/render";
import "../../src/popup/view";
import "../../src/shared/access";
import { reading } from "../readings";

/** "Show on the page" of a note that may have no place there. */

const [askBackground, askPage, close] = vi.hoisted(() => [vi.fn(), vi.fn(), vi.fn()]);
vi.mock("../../src/protocol/client", () => ({ askBackground, askPage }));
/** No test can click as a person does. */
vi.mock("../../src/shared/elements", async (original) => ({
  ...(await original<object>()),
  onTrusted: (target: EventTarget, type: string, act: () => void) => target.addEventListener(type, act),
}));

vi.setConfig({ testTimeout: 20_000 });

test("the popup closes over a note that was shown, and says so of one that has no place", async () => {
  let shown = false;
  askBackground.mockResolvedValue({ kind: "ready", version: "0.1.0", model: "telltale-1" });
  askPage.mockImplementation(async (_tab, { kind }) => {
    if (kind === "show-note") return shown;
    return { state: { kind: "verdict", reading: reading("undisclosed") }, site: "news.example" };
  });
  Object.assign(fakeBrowser.tabs, { query: async () => [{ id: 7 }] });
  vi.stubGlobal("close", close);
  document.body.innerHTML = "<main id='main'></main>";
  await import("../../src/popup/main");
  const button = () => document.querySelector<HTMLButtonElement>(".note button");
  await vi.waitFor(() => expect(button()?.textContent).toBe("Show on the page"));
  button()?.click();
  await vi.waitFor(() => expect(document.getElementById("message")?.textContent).toMatch(/cannot be underlined here/));
  expect(close).not.toHaveBeenCalled();
  shown = true;
  button()?.click();
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
});
