import type { Note } from "../protocol/reading";
import type { DaemonState, PageState } from "../protocol/state";
import { t } from "../shared/words";

/** What the popup shows: one state in words, and the way out of it. */
export interface View {
  heading: string;
  sentence: string | null;
  /** A command to type in a terminal. */
  command: string | null;
  notes: Note[];
  actions: Action[];
  footer: string | null;
  /** The state will change by itself soon: look again. */
  passing: boolean;
}

export type Action = "pair" | "check-again" | "open-history";

const PLAIN: View = {
  heading: "",
  sentence: null,
  command: null,
  notes: [],
  actions: [],
  footer: null,
  passing: false,
};

/**
 * What the daemon lacks comes before what the page is: with no daemon, "not an article" would be beside the point.
 * A verdict that stands is shown all the same. `page` is null where no content script answers.
 */
export function viewOf(page: PageState | null, daemon: DaemonState): View {
  const footer = footerOf(daemon);
  const ready = daemon.kind === "ready" || daemon.kind === "loading";
  if (page?.kind === "verdict") return { ...PLAIN, ...verdictView(page), footer: footer ?? lackOf(daemon) };
  if (!ready) return { ...PLAIN, ...daemonView(daemon) };
  return { ...PLAIN, actions: ["check-again", "open-history"], ...pageView(page), footer };
}

function verdictView({ reading }: Extract<PageState, { kind: "verdict" }>): Partial<View> {
  const actions: Action[] = ["open-history", "check-again"];
  if (reading.verdict === "none") return { heading: t("state_none"), actions };
  const heading = t(reading.verdict === "undisclosed" ? "heading_undisclosed" : "heading_disclosed");
  return { heading, notes: reading.notes, actions };
}

function daemonView(daemon: Exclude<DaemonState, { kind: "ready" | "loading" }>): Partial<View> {
  switch (daemon.kind) {
    case "off":
      return offView();
    case "unpaired":
      return { heading: t("state_unpaired"), sentence: t("state_unpaired_how"), actions: ["pair"] };
    case "error":
      return { heading: t("state_error"), sentence: daemon.sentence, actions: ["check-again"] };
  }
}

function offView(): Partial<View> {
  const sentence = t("state_off_how");
  return { heading: t("state_off"), sentence, command: "telltale run", actions: ["check-again"] };
}

function pageView(page: Exclude<PageState, { kind: "verdict" }> | null): Partial<View> {
  switch (page?.kind) {
    case undefined:
      return { heading: t("state_no_page"), actions: ["open-history"] };
    case "not-article":
      return { heading: t("state_not_article") };
    case "loading":
    case "busy":
      return { heading: t(`state_${page.kind}`), actions: ["open-history"], passing: true };
    case "error":
      return { heading: t("state_error"), sentence: page.sentence };
    default:
      // The daemon is there, so "off" and "unpaired" are of a moment ago: the page is being asked again.
      return { heading: t("state_reading"), actions: ["open-history"], passing: true };
  }
}

function footerOf(daemon: DaemonState): string | null {
  if (daemon.kind === "loading") return t("popup_daemon_loading", daemon.version);
  return daemon.kind === "ready" ? t("popup_daemon_ready", daemon.version, daemon.model ?? "–") : null;
}

/** Under a verdict that stands, what the daemon lacks now is a line of small print. */
function lackOf(daemon: DaemonState): string | null {
  if (daemon.kind === "off" || daemon.kind === "unpaired") return t(`state_${daemon.kind}`);
  return daemon.kind === "error" ? daemon.sentence : null;
}

/** The daemon has come back since the page asked: ask again without waiting for a click. */
export function isStale(page: PageState | null, daemon: DaemonState): boolean {
  return daemon.kind === "ready" && (page?.kind === "off" || page?.kind === "unpaired");
}
