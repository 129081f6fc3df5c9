/** Runs when the page has nothing to do, or at the deadline: a busy page must not put reading off for ever. */
export function whenIdle(act: () => void, deadlineMs: number): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: deadlineMs });
  else setTimeout(act, 0);
}

/** Both browsers have it; TypeScript's own list of the DOM does not. */
declare const scheduler: { postTask: (act: () => void, how: { priority: "background" }) => Promise<void> };

/** Runs after what the page has to do now, without waiting for a frame to be drawn, or at the deadline. */
export function whenQuiet(act: () => void, deadlineMs: number): void {
  let waits = true;
  const once = () => {
    if (waits) act();
    waits = false;
    clearTimeout(timer);
  };
  const timer = setTimeout(once, deadlineMs);
  void scheduler.postTask(once, { priority: "background" });
}
