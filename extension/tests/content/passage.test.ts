// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { readPassage } from "../../src/content/passage";
import { atOnce, type Pace } from "../../src/content/slices";

vi.setConfig({ testTimeout: 20_000 });

/** As much text as is sent of one page, and no more. */
const MOST = 400_000;

let pace: Pace;

beforeEach(() => {
  pace = vi.fn(async (steps) => atOnce(steps)) as Pace;
  document.body.innerHTML = `<p>${"x".repeat(100_000)}</p>`.repeat(6);
  getSelection()?.selectAllChildren(document.body);
});

async function read(told?: string, at = pace): Promise<[sent: number, mapped: number]> {
  const passage = await readPassage(document, told, at);
  const sent = passage?.sent.blocks.reduce((sum, { text }) => sum + text.length, 0);
  return [sent ?? 0, passage?.blocks.length ?? 0];
}

test("of a large selection as much is sent as of a page, read at the page's pace", async () => {
  expect(await read()).toEqual([MOST, 4]);
  expect(pace).toHaveBeenCalledTimes(1);
});

test("another selection made meanwhile is not what is read", async () => {
  const later: Pace = async (steps) => {
    getSelection()?.removeAllRanges();
    return atOnce(steps);
  };
  expect(await read(undefined, later)).toEqual([MOST, 4]);
});

test("of a large selection that the browser tells of as much is sent as of a page", async () => {
  expect(await read("The bridge is closed.\n".repeat(2100))).toEqual([2000 * 21, 0]);
});
