import type { CDPSession } from "playwright-core";

/** Chromium's own record of what its threads did. Times are microseconds; `tdur` is what the thread itself worked. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args: { worldName?: string };
}

const CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline,v8,v8.execute";

/** Begins to record; the answer ends it and tells what was recorded. */
export async function record(session: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", { categories: CATEGORIES, transferMode: "ReportEvents" });
  return async () => {
    const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
    await session.send("Tracing.end");
    await complete;
    return events;
  };
}

/**
 * How long the scripts of one world (a page's own are in none) held the page's main thread, task by task, in
 * milliseconds. What follows from promises is in no world: it is counted whoever's it is, so a page that is measured
 * should have no scripts of its own.
 */
export function scriptTasks(events: TraceEvent[], world: string): number[] {
  const own = events.filter(({ args }) => args.worldName === world);
  const thread = own[0];
  const onThread = (event: TraceEvent) => event.pid === thread?.pid && event.tid === thread.tid;
  const counted = [...own, ...events.filter(({ name }) => name === "RunMicrotasks")].filter(onThread);
  const runs = counted.filter((run) => !counted.some((other) => other !== run && holds(other, run)));
  const tasks = events.filter((event) => event.name === "RunTask" && onThread(event));
  const times = tasks.map((task) => worked(runs.filter((run) => holds(task, run))));
  return times.filter((ms) => ms > 0);
}

function holds(outer: TraceEvent, inner: TraceEvent): boolean {
  return outer.ts <= inner.ts && inner.ts + (inner.dur ?? 0) <= outer.ts + (outer.dur ?? 0);
}

function worked(events: TraceEvent[]): number {
  return events.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000;
}
