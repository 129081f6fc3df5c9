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

  test.each(Object.entries(en as Messages))("%s is not empty and takes the same parts", (key, { message }) => {
    expect(messages[key]?.message.trim()).not.toBe("");
    expect([...new Set(holes(messages[key]?.message))]).toEqual([...new Set(holes(message))]);
  });
});
