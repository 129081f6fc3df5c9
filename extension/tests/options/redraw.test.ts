// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { changePreferences, setPaused } from "../../src/shared/preferences";

/** What becomes of the keyboard and of what was typed when the options are drawn anew. */

const [askBackground, onStoredChange] = vi.hoisted(() => [vi.fn(), vi.fn()]);
vi.mock("../../src/protocol/client", () => ({ askBackground }));
vi.mock("../../src/shared/stored", () => ({ onStoredChange }));

vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });

document.body.innerHTML = "<main id='main'></main>";

beforeEach(async () => {
  Object.assign(fakeBrowser, { commands: { getAll: async () => [] } });
  Object.assign(fakeBrowser.runtime, { getManifest: () => ({ version: "0.1.0" }) });
  askBackground.mockResolvedValue({ kind: "ready", version: "0.1.0", model: "m" });
  await setPaused("news.example", true);
  await import("../../src/options/main");
  tell("preferences");
  tell("daemon");
  await vi.waitFor(() => expect([label("resume-news.example"), label("unpair")]).not.toContain(undefined));
});

/** Has the page hear of a change, as the browser's storage would. */
function tell(key: string): void {
  for (const [told, act] of onStoredChange.mock.calls) if (told === key) act();
}

function label(id: string): string | undefined {
  return document.getElementById(id)?.textContent;
}

function focus(id: string): void {
  document.getElementById(id)?.focus();
}

test("what is half typed stays, and the keyboard in it", async () => {
  const field = document.querySelector<HTMLInputElement>("#site");
  focus("site");
  if (field) field.value = "half.exam";
  await changePreferences({ silence: true });
  tell("preferences");
  await vi.waitFor(() => expect(field?.isConnected).toBe(false));
  expect(document.activeElement).toMatchObject({ id: "site", value: "half.exam" });
});

test("a button that stays keeps the keyboard, one that goes gives it to the field beside it", async () => {
  focus("resume-news.example");
  await setPaused("other.example", true);
  tell("preferences");
  await vi.waitFor(() => expect(label("resume-other.example")).toBeDefined());
  expect(document.activeElement?.id).toBe("resume-news.example");
  await setPaused("news.example", false);
  tell("preferences");
  await vi.waitFor(() => expect(label("resume-news.example")).toBeUndefined());
  expect(document.activeElement?.id).toBe("site");
});

test("when the pairing is forgotten, the keyboard is at the heading over what is now said of the daemon", async () => {
  focus("unpair");
  askBackground.mockResolvedValue({ kind: "unpaired" });
  tell("daemon");
  await vi.waitFor(() => expect(label("unpair")).toBeUndefined());
  expect(document.activeElement?.textContent).toBe("Daemon");
});

test("the keyboard elsewhere is left there when the daemon answers", async () => {
  const field = document.getElementById("site");
  focus("site");
  askBackground.mockResolvedValue({ kind: "off" });
  tell("daemon");
  await vi.waitFor(() => expect(label("options_daemon")).toBeDefined());
  expect(document.activeElement).toBe(field);
});
