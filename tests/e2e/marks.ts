import type { Page } from "playwright-core";

/** What the sample articles carry, and what a page shows underlined. */

export const REWRITE =
  "This rewrite keeps the facts and quotations of the source while giving the piece a more urgent voice.";
/** What stands as a note by itself, without an article around it. */
export const REFUSAL = "As an AI language model, I cannot rewrite this article.";
export const SLANT = "The mayor’s position was presented in a more critical tone, as instructed.";

export function highlighted(page: Page, name = "telltale-leak"): Promise<string> {
  return page.evaluate((key) => [...(CSS.highlights.get(key) ?? [])].map(String).join(""), name);
}

/** Whether two sentences are one note or two is the model's affair; the underlined letters are not. */
export function letters(text: string): string {
  return text.replace(/\s+/g, "");
}

export function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
