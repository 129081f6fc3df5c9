import { browser } from "wxt/browser";
import type { Reading } from "../protocol/reading";
import type { PageState } from "../protocol/state";
import { countedVerdict, stateWords } from "../shared/states";
import { t } from "../shared/words";

/** The toolbar icon: a short text and a sentence for the state of one tab. The browser clears both on navigation. */

/** Slate: it carries white text at 7:1 and says nothing of alarm. */
const COLOUR = "#475569";

export interface Face {
  text: string;
  title: string;
}

export function faceOf(state: PageState): Face {
  if (state.kind === "verdict") return verdictFace(state.reading);
  if (state.kind === "reading" || state.kind === "not-article") return { text: "", title: t("name") };
  return { text: textOf(state.kind), title: stateWords(state) };
}

function verdictFace(reading: Reading): Face {
  return { text: reading.verdict === "none" ? "" : String(reading.notes.length), title: countedVerdict(reading) };
}

/** As much as an icon has room for. */
function textOf(kind: PageState["kind"]): string {
  switch (kind) {
    case "loading":
    case "busy":
      return "…";
    case "paused":
      return "–";
    case "pdf":
      return "";
    case "off":
      return t("toolbar_off");
    case "unpaired":
      return t("toolbar_unpaired");
    default:
      return "?";
  }
}

/** A tab that closed meanwhile is no fault: there is no icon left to draw on. */
export async function showFace(tabId: number, state: PageState): Promise<void> {
  const { text, title } = faceOf(state);
  const { action } = browser;
  await Promise.allSettled([
    action.setBadgeText({ tabId, text }),
    action.setBadgeBackgroundColor({ tabId, color: COLOUR }),
    action.setBadgeTextColor({ tabId, color: "#ffffff" }),
    action.setTitle({ tabId, title }),
  ]);
}
