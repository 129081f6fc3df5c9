// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Watcher } from "../../src/content/watcher";

const changed = vi.fn();
const watcher = new Watcher({ moved: vi.fn(), changed });

/** Lets the observers speak and the page come to rest, as often as the watcher waits between looks. */
async function rest(): Promise<void> {
  await vi.advanceTimersByTimeAsync(60_000);
}

beforeEach(async () => {
  vi.useFakeTimers();
  watcher.start();
  await rest();
  changed.mockReset();
});

afterEach(() => {
  watcher.stop();
  vi.useRealTimers();
});

test("another body in the place of the first is watched in its turn", async () => {
  document.documentElement.replaceChild(document.createElement("body"), document.body);
  await rest();
  expect(changed).toHaveBeenCalledTimes(1);
  document.body.append("New words.");
  await rest();
  expect(changed).toHaveBeenCalledTimes(2);
});

test("what is put beside the body is no change", async () => {
  document.documentElement.append(document.createElement("telltale-badge"));
  await rest();
  expect(changed).not.toHaveBeenCalled();
});
