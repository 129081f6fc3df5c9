import type { Page } from "playwright-core";
import { REFUSAL } from "./marks";
import { browser } from "./session";

const TEXT = `The town council of Wendle put off its vote on the repair of the old bridge on Tuesday. ${REFUSAL} The ferry carried ninety passengers a day in April, the county said.`;

/** Puts a paragraph with one note at the end of the page, selects it, and has it checked by the context menu. */
export async function checkNewText(page: Page): Promise<void> {
  await page.evaluate((text) => {
    const quote = document.body.appendChild(document.createElement("p"));
    quote.textContent = text;
    getSelection()?.selectAllChildren(quote);
  }, TEXT);
  await browser.clickMenu(page, "check-selection");
}
