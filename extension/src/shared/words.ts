import { browser } from "wxt/browser";
import type en from "../../public/_locales/en/messages.json";
import type { Family } from "../protocol/families";

/** Keys of `_locales/en/messages.json`; a test holds that every other language has the same. */
export type WordKey = keyof typeof en;

/** A sentence in the browser's language. */
export function t(key: WordKey, ...parts: (string | number)[]): string {
  return browser.i18n.getMessage(key as never, parts.map(String)) || key;
}

/** A sentence whose form depends on a number, by the language's own plural rules. */
export function plural(key: PluralKey, count: number, ...parts: (string | number)[]): string {
  const one = new Intl.PluralRules(language()).select(count) === "one";
  return t(`${key}_${one ? "one" : "other"}`, ...parts);
}

type PluralKey = WordKey extends infer K ? (K extends `${infer Stem}_one` ? Stem : never) : never;

/** The language of the words, which is English in a browser whose own they are not translated to. */
export function language(): string {
  return t("language");
}

export function familyName(family: Family): string {
  return t(`family_${family}`);
}

/** One neutral sentence: why such a passage counts as a note. */
export function familyReason(family: Family): string {
  return t(`family_${family}_why`);
}

/**
 * The model's probability in words: a reader can act on "very likely", while a percentage would claim an exactness
 * that a calibrated score on one sentence does not have.
 */
export function confidenceWords(confidence: number): string {
  if (confidence >= 0.99) return t("confidence_certain");
  if (confidence >= 0.95) return t("confidence_very_likely");
  if (confidence >= 0.85) return t("confidence_likely");
  return t("confidence_possible");
}

/** A moment as the reader's own language and time zone write it; empty when the text is no date. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const own = browser.i18n.getUILanguage().replace("_", "-");
  return new Intl.DateTimeFormat(own, { dateStyle: "medium", timeStyle: "short" }).format(date);
}
