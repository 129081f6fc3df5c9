import { browser } from "wxt/browser";
import type { PageState } from "../protocol/state";
import { plural, t } from "../shared/words";

/** The toolbar icon: a short text and a sentence for the state of one tab. The browser clears both on navigation. */

/** Slate: it carries white text at 7:1 and says nothing of alarm. */
const COLOUR = "#475569";

export interface Face {
  text: string;
  title: string;
}

export function faceOf(state: PageState): Face {
  switch (state.kind) {
    case "verdict":
      return verdictFace(state);
    case "reading":
    case "not-article":
      return { text: "", title: t("name") };
    case "loading":
    case "busy":
      return { text: "…", title: t(`state_${state.kind}`) };
    case "paused":
      return { text: "–", title: t("state_paused") };
    case "pdf":
      return { text: "", title: t("state_pdf") };
    case "off":
      return { text: t("toolbar_off"), title: t("state_off") };
    case "unpaired":
      return { text: t("toolbar_unpaired"), title: t("state_unpaired") };
    case "barred":
      return { text: "?", title: t("state_barred") };
    case "other-version":
      return { text: "?", title: t("state_other_version") };
    case "error":
      return { text: "?", title: state.sentence };
  }
}

function verdictFace({ reading }: Extract<PageState, { kind: "verdict" }>): Face {
  if (reading.verdict === "none") return { text: "", title: t("state_none") };
  const title = reading.verdict === "undisclosed" ? t("heading_undisclosed") : t("heading_disclosed");
  return {
    text: String(reading.notes.length),
    title: `${title} ${plural("notes_count", reading.notes.length, reading.notes.length)}`,
  };
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
