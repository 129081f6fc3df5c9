/** Runs when the page has nothing to do, or at the deadline: a busy page must not put reading off for ever. */
export function whenIdle(act: () => void, deadlineMs: number): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: deadlineMs });
  else setTimeout(act, 0);
}
