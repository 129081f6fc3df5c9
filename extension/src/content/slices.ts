import { whenQuiet } from "./idle";

/** Long work on a page in short steps, so that it never waits for the extension: each `yield` is a place to stop. */
export type Steps<T> = Generator<void, T>;

/** Does the work and answers what it came to. */
export type Pace = <T>(steps: Steps<T>) => Promise<T>;

/** A frame of 60 a second has 16 ms, of which the page needs most. */
const SLICE_MS = 5;
/** A page that is never quiet waits no longer than this for the next slice: the rest of a frame. */
const LONGEST_PAUSE_MS = 11;
/** Looking at the clock costs as much as a step. */
const STEPS_PER_LOOK = 16;

export const inSlices: Pace = (steps) =>
  new Promise((resolve, reject) => {
    const slice = () => {
      try {
        const done = runFor(steps, SLICE_MS);
        if (done) resolve(done.value);
        else whenQuiet(slice, LONGEST_PAUSE_MS);
      } catch (error) {
        reject(error);
      }
    };
    slice();
  });

/** All of it in one go, where it is known to be short. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function runFor<T>(steps: Steps<T>, ms: number): { value: T } | null {
  const end = performance.now() + ms;
  do {
    for (let step = 0; step < STEPS_PER_LOOK; step++) {
      const { done, value } = steps.next();
      if (done) return { value };
    }
  } while (performance.now() < end);
  return null;
}
