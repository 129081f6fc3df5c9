// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import script from "../../src/content/index";
import type { Rules } from "../../src/protocol/state";

/** The content script of a page whose reading takes its time. */

const [ask, listen] = vi.hoisted(() => [vi.fn(), vi.fn()]);
vi.mock("../../src/protocol/client", () => ({ askBackground: ask, listen }));

vi.setConfig({ testTimeout: 20_000 });

test("whoever resumes a site need not wait until the page is read", async () => {
  const rules: Rules = { paused: true, leaks: true, disclosures: true, silence: false, record: true };
  vi.stubGlobal("scheduler", { postTask: () => {} });
  vi.stubGlobal("CSS", { highlights: new Map() });
  vi.stubGlobal("Highlight", class {});
  ask.mockImplementation(async ({ kind }) => (kind === "rules" ? { ...rules } : null));
  await script.main({ onInvalidated: () => {}, isInvalid: false } as never);
  const page = listen.mock.calls[0]?.[0];
  await vi.waitFor(() => expect(page["ask-state"]().state).toEqual({ kind: "paused" }));
  rules.paused = false;
  ask.mockImplementation(({ kind }) => (kind === "rules" ? Promise.resolve(rules) : new Promise(() => {})));
  await page["rules-changed"]();
  expect(page["ask-state"]().state).toEqual({ kind: "reading" });
});
