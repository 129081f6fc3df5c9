import type { PageState } from "../protocol/state";

const LONGEST_MS = 60_000;
/** A daemon that is off may be started at any moment; each look costs one refused connection. */
const OFF_FIRST_MS = 3000;

/**
 * How long to wait before asking again, or null where asking again would not help. The daemon names the first wait
 * (Retry-After); each further one is half as long again, with some chance in it, so that many tabs do not come at once.
 */
export function backoff(state: PageState, attempt: number, chance = Math.random()): number | null {
  const first = firstWait(state);
  return first === null ? null : Math.min(first * 1.5 ** attempt, LONGEST_MS) * (1 + chance / 4);
}

/** Whether the daemon could not answer: the page is asked about once more when it is looked at again. */
export function isUnanswered(state: PageState): boolean {
  return ["off", "unpaired", "barred", "other-version", "error"].includes(state.kind);
}

function firstWait(state: PageState): number | null {
  if (state.kind === "off") return OFF_FIRST_MS;
  return state.kind === "loading" || state.kind === "busy" ? state.retryAfterMs : null;
}
