import type { Note, Reading } from "../protocol/reading";
import type { DaemonSeen, Lack, PageState, TabAccount } from "../protocol/state";
import { inPageOrder } from "../shared/note-item";
import { countedVerdict, daemonWords } from "../shared/states";
import { t } from "../shared/words";

/** What the popup shows: one state in words, and the way out of it. */
export interface View {
  heading: string;
  sentence: string | null;
  /** A command to type in a terminal. */
  command: string | null;
  notes: Note[];
  /** The page's number in the history, where decisions on its notes can be kept. */
  pageId: number | null;
  actions: Action[];
  footer: string | null;
  /** The state will change by itself soon: look again. */
  passing: boolean;
}

export type Action = "pair" | "allow" | "check-again" | "open-history" | "pause" | "resume";

const PLAIN: View = {
  heading: "",
  sentence: null,
  command: null,
  notes: [],
  pageId: null,
  actions: [],
  footer: null,
  passing: false,
};

/**
 * What the daemon lacks comes before what the page is: with no daemon, "not an article" would be beside the point.
 * A verdict that stands, and a pause, are shown all the same, and before the daemon was heard. `tab` is null where no content script answers;
 * `mayRead` says whether the browser lets one run at all.
 */
export function viewOf(tab: TabAccount | null, daemon: DaemonSeen, mayRead = true): View {
  const page = tab?.state ?? null;
  const footer = daemonWords(daemon);
  if (page?.kind === "paused") return { ...PLAIN, ...pausedView(tab), footer };
  if (page?.kind === "verdict") return { ...PLAIN, ...verdictView(page.reading), footer };
  if (daemon.kind === "asking") return { ...PLAIN, heading: footer };
  if (daemon.kind !== "ready" && daemon.kind !== "loading") return { ...PLAIN, ...lackView(daemon) };
  if (!page && !mayRead) return { ...PLAIN, ...closedView(), footer };
  return { ...PLAIN, actions: actionsOn(page), ...pageView(page), footer };
}

function actionsOn(page: PageState | null): Action[] {
  return page ? ["check-again", "open-history", "pause"] : ["open-history"];
}

function pausedView(tab: TabAccount | null): Partial<View> {
  return { heading: t("state_paused"), sentence: tab?.site ?? null, actions: ["resume", "open-history"] };
}

function verdictView(reading: Reading): Partial<View> {
  const pageId = reading.page_id;
  const sentence = pageId === null ? t("not_recorded") : null;
  const notes = inPageOrder([...reading.notes, ...reading.dismissed]);
  return { heading: countedVerdict(reading), sentence, notes, pageId, actions: VERDICT_ACTIONS };
}

const VERDICT_ACTIONS: Action[] = ["open-history", "check-again", "pause"];

function lackView(daemon: Lack): Partial<View> {
  switch (daemon.kind) {
    case "off":
      return offView();
    case "unpaired":
      return { heading: t("state_unpaired"), sentence: t("state_unpaired_how"), actions: ["pair"] };
    case "barred":
      return { heading: t("state_barred"), sentence: t("state_barred_how"), actions: ["allow", "check-again"] };
    case "other-version":
      return { heading: t("state_other_version"), sentence: t("state_other_version_how"), actions: ["check-again"] };
    case "error":
      return { heading: t("state_error"), sentence: daemon.sentence, actions: ["check-again"] };
  }
}

function closedView(): Partial<View> {
  return { heading: t("state_closed"), sentence: t("state_closed_how"), actions: ["allow", "open-history"] };
}

function offView(): Partial<View> {
  const sentence = t("state_off_how");
  return { heading: t("state_off"), sentence, command: "telltale run", actions: ["check-again"] };
}

function pageView(page: Exclude<PageState, { kind: "verdict" | "paused" }> | null): Partial<View> {
  switch (page?.kind) {
    case undefined:
      return { heading: t("state_no_page"), sentence: t("state_no_page_how") };
    case "pdf":
      return { heading: t("state_pdf"), actions: ["open-history"] };
    case "not-article":
      return { heading: t("state_not_article"), sentence: t("state_not_article_how") };
    case "loading":
    case "busy":
      return { heading: t(`state_${page.kind}`), actions: ["open-history"], passing: true };
    case "error":
      return { heading: t("state_error"), sentence: page.sentence };
    case "other-version":
      return { heading: t("state_other_version"), sentence: t("state_other_version_how") };
    default:
      // The daemon is there, so what the page met is of a moment ago: it is being asked again.
      return { heading: t("state_reading"), actions: ["open-history"], passing: true };
  }
}

/** The daemon has come back since the page asked: ask again without waiting for a click. */
export function isStale(page: PageState | undefined, daemon: DaemonSeen): boolean {
  const lacked = page && ["off", "unpaired", "barred"].includes(page.kind);
  return daemon.kind === "ready" && lacked === true;
}
