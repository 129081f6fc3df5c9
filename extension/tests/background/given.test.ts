import { expect, test } from "vitest";
import { fakeBrowser } from "wxt/testing";
import { beginAsking, forgetClosedTabs } from "../../src/background/given";
import type { MessageSender } from "../../src/protocol/client";

function from(id: number): MessageSender {
  return { tab: { id } } as MessageSender;
}

test("a question is dropped once its tab asks again; other tabs do not matter", () => {
  const first = beginAsking(from(1));
  beginAsking(from(2));
  expect(first.aborted).toBe(false);
  const second = beginAsking(from(1));
  expect([first.aborted, second.aborted]).toEqual([true, false]);
});

test("a question is dropped once its tab is closed", async () => {
  forgetClosedTabs();
  const [closed, other] = [beginAsking(from(1)), beginAsking(from(2))];
  await fakeBrowser.tabs.onRemoved.trigger(1, { windowId: 1, isWindowClosing: false });
  expect([closed.aborted, other.aborted]).toEqual([true, false]);
});
