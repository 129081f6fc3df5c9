import type { Reading } from "../protocol/reading";
import type { DaemonSeen, PageState } from "../protocol/state";
import { plural, t } from "./words";

/** States and verdicts in one sentence each, the same wherever they are told: toolbar, badge, popup and options. */

type WithoutVerdict = Exclude<PageState, { kind: "verdict" }>;
type Snake<K extends string> = K extends `${infer A}-${infer B}` ? `${A}_${B}` : K;
type Plain = Snake<Exclude<WithoutVerdict["kind"], "error">>;

export function stateWords(state: WithoutVerdict): string {
  return state.kind === "error" ? state.sentence : t(`state_${state.kind.replace("-", "_") as Plain}`);
}

export function daemonWords(daemon: DaemonSeen): string {
  if (daemon.kind === "asking") return t("state_asking");
  if (daemon.kind === "ready") return t("popup_daemon_ready", daemon.version, daemon.model ?? "–");
  return daemon.kind === "loading" ? t("popup_daemon_loading", daemon.version) : stateWords(daemon);
}

export function verdictWords({ verdict }: Reading): string {
  if (verdict === "none") return t("state_none");
  return t(verdict === "undisclosed" ? "heading_undisclosed" : "heading_disclosed");
}

/** Where the notes themselves are out of sight, or a list below: their number, too. */
export function countedVerdict(reading: Reading): string {
  const { length } = reading.notes;
  const words = verdictWords(reading);
  return reading.verdict === "none" ? words : `${words} ${plural("notes_count", length, length)}`;
}
