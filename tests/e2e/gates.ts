import { execFileSync } from "node:child_process";
import { closeSync, constants, linkSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Gate = "load" | "read";

/** The pipes at which `tests/helpers/gated_daemon.py` waits: the real daemon, held in a state for as long as a test needs. */
export class Gates {
  readonly folder = mkdtempSync(join(tmpdir(), "telltale-gates-"));

  private readonly opened = new Set<Gate>();

  constructor() {
    for (const gate of ["load", "read"] as const) execFileSync("mkfifo", [join(this.folder, gate)]);
  }

  /** Lets through whoever waits, and everybody who comes. */
  open(gate: Gate): void {
    if (this.opened.has(gate)) return;
    this.opened.add(gate);
    const [path, old] = [join(this.folder, gate), join(this.folder, `${gate}.old`)];
    linkSync(path, old);
    writeFileSync(`${path}.new`, "");
    renameSync(`${path}.new`, path);
    wake(old);
  }

  /** Lets one through, the next who comes if nobody waits. */
  async letOne(gate: Gate): Promise<void> {
    const pipe = await open(join(this.folder, gate), "w");
    await pipe.close();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Opening a pipe for writing fails where nobody waits at its other end: there is then nobody to wake. */
function wake(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
  }
}
