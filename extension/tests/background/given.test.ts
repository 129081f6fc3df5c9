import { expect, test } from "vitest";
import { beginAsking } from "../../src/background/given";
import type { MessageSender } from "../../src/protocol/client";

function from(id: number): MessageSender {
  return { tab: { id } } as MessageSender;
}

test("an answer is late once its tab has asked again; other tabs do not matter", () => {
  const first = beginAsking(from(1));
  beginAsking(from(2));
  expect(first()).toBe(true);
  const second = beginAsking(from(1));
  expect(first()).toBe(false);
  expect(second()).toBe(true);
});
