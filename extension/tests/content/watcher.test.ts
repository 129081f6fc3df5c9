// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Watcher } from "../../src/content/watcher";

const [moved, changed, revealed] = [vi.fn(), vi.fn(), vi.fn()];
let watcher: Watcher;

/** Lets the observers speak and the page come to rest, as often as the watcher waits between looks. */
async function rest(): Promise<void> {
  await vi.advanceTimersByTimeAsync(60_000);
}

beforeEach(async () => {
  vi.useFakeTimers();
  history.replaceState({}, "", "/story?id=5&utm_source=feed");
  watcher = new Watcher({ moved, changed, revealed });
  watcher.start();
  await rest();
  for (const event of [moved, changed, revealed]) event.mockReset();
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

test("an address that only lost parameters is that of the same page, and another one is compared with it", () => {
  history.replaceState({}, "", "/story?id=5");
  dispatchEvent(new Event("popstate"));
  expect(moved).not.toHaveBeenCalled();
  history.replaceState({}, "", "/story?id=5&utm_source=feed");
  dispatchEvent(new Event("popstate"));
  expect(moved).toHaveBeenCalledTimes(1);
});

test("classes and styles are watched only while something is hidden, wherever they stand", async () => {
  const box = document.createElement("x-box");
  const text = document.createElement("p");
  box.attachShadow({ mode: "open" }).append(text);
  document.body.replaceChildren(box);
  await rest();
  changed.mockReset();
  for (const [hidden, times] of [
    [[], 0],
    [[text], 3],
    [[], 0],
  ] as const) {
    revealed.mockReset();
    watcher.watchHidden(hidden);
    for (const element of [text, document.body, document.documentElement]) {
      element.classList.toggle("open");
      await rest();
    }
    expect(revealed).toHaveBeenCalledTimes(times);
  }
  expect(changed).not.toHaveBeenCalled();
});

test("styles that never come to rest put off no look at the text", async () => {
  watcher.watchHidden([document.body]);
  const animation = setInterval(() => document.body.style.setProperty("left", `${performance.now()}px`), 100);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(revealed.mock.calls.length).toBeLessThan(12);
  document.body.append("New words.");
  await vi.advanceTimersByTimeAsync(400);
  expect(changed).toHaveBeenCalledTimes(1);
  clearInterval(animation);
});
