import type { PageState } from "../protocol/state";

const LONGEST_MS = 60_000;

/**
 * How long to wait before asking again, or null where asking again would not help. The daemon names the first wait
 * (Retry-After); each further one is half as long again, with some chance in it, so that many tabs do not come at once.
 */
export function backoff(state: PageState, attempt: number, chance = Math.random()): number | null {
  if (state.kind !== "loading" && state.kind !== "busy") return null;
  return Math.min(state.retryAfterMs * 1.5 ** attempt, LONGEST_MS) * (1 + chance / 4);
}
