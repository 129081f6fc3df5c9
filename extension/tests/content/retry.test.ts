import { expect, test } from "vitest";
import { backoff } from "../../src/content/retry";

test("waits as long as the daemon says, then half as long again each time, up to a minute", () => {
  const waits = [0, 1, 2, 20].map((attempt) => backoff({ kind: "busy", retryAfterMs: 2000 }, attempt, 0));
  expect(waits).toEqual([2000, 3000, 4500, 60_000]);
});

test("spreads out tabs that were told the same", () => {
  expect(backoff({ kind: "loading", retryAfterMs: 1000 }, 0, 1)).toBe(1250);
});

test("asks no second time where that would not help", () => {
  expect(backoff({ kind: "unpaired" }, 0)).toBeNull();
  expect(backoff({ kind: "barred" }, 0)).toBeNull();
});

test("looks for a daemon that is off ever more rarely", () => {
  expect([0, 1, 20].map((attempt) => backoff({ kind: "off" }, attempt, 0))).toEqual([3000, 4500, 60_000]);
});
