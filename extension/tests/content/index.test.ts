// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import script from "../../src/content/index";
import { Session } from "../../src/content/session";
import type { Rules } from "../../src/protocol/state";

/** The content script of a page whose reading takes its time. */

const [ask, listen] = vi.hoisted(() => [vi.fn(), vi.fn()]);
vi.mock("../../src/protocol/client", () => ({ askBackground: ask, listen }));

vi.setConfig({ testTimeout: 20_000 });

beforeEach(() => {
  vi.stubGlobal("scheduler", { postTask: () => {} });
  vi.stubGlobal("CSS", { highlights: new Map() });
  vi.stubGlobal("Highlight", class {});
});

test("whoever resumes a site need not wait until the page is read", async () => {
  const rules: Rules = { paused: true, leaks: true, disclosures: true, silence: false, record: true };
  ask.mockImplementation(async ({ kind }) => (kind === "rules" ? { ...rules } : null));
  await script.main({ onInvalidated: () => {}, isInvalid: false } as never);
  const page = listen.mock.calls[0]?.[0];
  await vi.waitFor(() => expect(page["ask-state"]().state).toEqual({ kind: "paused" }));
  rules.paused = false;
  ask.mockImplementation(({ kind }) => (kind === "rules" ? Promise.resolve(rules) : new Promise(() => {})));
  await page["rules-changed"]();
  expect(page["ask-state"]().state).toEqual({ kind: "reading" });
});

test("a tab that comes to the front has its page asked about at once", async () => {
  const front = vi.spyOn(Session.prototype, "comeToFront").mockResolvedValue();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  ask.mockResolvedValue(null);
  await script.main({ onInvalidated: () => {}, isInvalid: false } as never);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(front).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(front).toHaveBeenCalled();
});
