import { askBackground } from "../protocol/client";
import type { Decision, Note } from "../protocol/reading";
import type { Decided } from "../protocol/state";
import { t } from "./words";

/** Has a decision kept, made on the page or in the popup. A background that is gone is told of like any other failure. */
export async function decide(page_id: number, { where, quote }: Note, decision: Decision): Promise<Decided> {
  const feedback = { page_id, note: { where, quote }, decision };
  const decided = await askBackground({ kind: "feedback", feedback }).catch(() => null);
  return decided ?? { ok: false, sentence: t("state_error") };
}
