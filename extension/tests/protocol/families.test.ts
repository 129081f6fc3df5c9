import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DISCLOSURE_FAMILIES, LEAK_FAMILIES } from "../../src/protocol/families";

const DOMAIN = readFileSync(join(import.meta.dirname, "../../../daemon/telltale/domain.py"), "utf8");

function inDaemon(name: string): string[] {
  const body = new RegExp(`^${name}\\b[^=]*= \\(([^)]*)\\)`, "m").exec(DOMAIN)?.[1] ?? "";
  return [...body.matchAll(/"(\w+)"/g)].map((match) => match[1] ?? "");
}

test("the families are the daemon's", () => {
  expect(inDaemon("LEAK_FAMILIES")).toEqual([...LEAK_FAMILIES]);
  expect(inDaemon("DISCLOSURE_FAMILIES")).toEqual([...DISCLOSURE_FAMILIES]);
});
