import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import en from "../../public/_locales/en/messages.json";

const FOLDER = join(import.meta.dirname, "../../public/_locales");
type Messages = Record<string, { message: string }>;

function read(language: string): Messages {
  return JSON.parse(readFileSync(join(FOLDER, language, "messages.json"), "utf8"));
}

function holes(message = ""): string[] {
  return [...message.matchAll(/\$\d/g)].map(String).sort();
}

describe.each(readdirSync(FOLDER))("the words in '%s'", (language) => {
  const messages = read(language);

  test("are the same keys as in English", () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  });

  test("name their language", () => {
    expect(messages.language?.message).toBe(language);
  });

  test.each(Object.entries(en as Messages))("%s is not empty and takes the same parts", (key, { message }) => {
    expect(messages[key]?.message.trim()).not.toBe("");
    expect([...new Set(holes(messages[key]?.message))]).toEqual([...new Set(holes(message))]);
  });
});

test("every English word is used", () => {
  const sources = readdirSync(join(import.meta.dirname, "../../src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(join(import.meta.dirname, "../../src", path), "utf8"));
  const config = readFileSync(join(import.meta.dirname, "../../wxt.config.ts"), "utf8");
  const all = [...sources, config].join("\n");
  const isUsed = (key: string) => all.includes(`"${key}"`) || all.includes(`__MSG_${key}__`) || isMade(key);
  expect(Object.keys(en).filter((key) => !isUsed(key))).toEqual([]);
});

/** Keys that are put together: by plural, family, state, choice, decision or confidence. */
function isMade(key: string): boolean {
  return /_(one|other)$|^family_|^state_|^options_(leaks|disclosures|silence|record)|^feedback_\w+ed$/.test(key);
}
