import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** How a daemon is started: a program, what it is told, and in which environment. */
export interface Start {
  command: string;
  args: (data: string, port: number) => string[];
  env: NodeJS.ProcessEnv;
}

/** The real daemon with the real model, unless another start is named, in a data folder of its own. */
export class Daemon {
  readonly data = mkdtempSync(join(tmpdir(), "telltale-e2e-"));
  private child: ChildProcess | null = null;
  /** What it logged: one line for each request. */
  private said = "";

  private constructor(
    readonly port: number,
    private readonly how: Start,
  ) {}

  static async start(how = REAL): Promise<Daemon> {
    const daemon = new Daemon(await freePort(), how);
    await daemon.start();
    return daemon;
  }

  async start(): Promise<void> {
    const child = spawn(this.how.command, this.how.args(this.data, this.port), { stdio: "pipe", env: this.how.env });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        this.said += chunk;
      });
    const gone = new Promise<never>((_, reject) =>
      child.once("exit", (code) =>
        reject(new Error(`The daemon ended with ${code} before it was ready: ${this.said}`)),
      ),
    );
    gone.catch(() => {});
    await Promise.race([untilReady(this.port, READY_MS), gone]);
  }

  code(): string {
    return pairingCode(this.data);
  }

  /** How many times it was asked about a page. */
  pagesRead(): number {
    return this.said.split("POST /v1/pages ").length - 1;
  }

  /** How many pages the history holds, as `telltale status` says. */
  pagesKept(): number {
    const said = execFileSync(COMMAND, ["status", "--port", String(this.port), "--data", this.data], {
      encoding: "utf8",
    });
    return Number(/, (\d+) pages?\./.exec(said)?.[1]);
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** `TELLTALE` names another build of the daemon; without it the repository's own is tested. */
export const COMMAND = process.env.TELLTALE ?? join(import.meta.dirname, "../../.venv/bin/telltale");
const GATED = join(import.meta.dirname, "../helpers/gated_daemon.py");
const READY_MS = 60_000;
const REAL: Start = {
  command: COMMAND,
  args: (data, port) => ["run", "--port", String(port), "--data", data],
  env: process.env,
};

/** A daemon that waits at the gates in this folder; see `gates.ts`. */
export function gated(folder: string): Start {
  return {
    command: join(dirname(COMMAND), "python"),
    args: (data, port) => [GATED, ...REAL.args(data, port)],
    env: { ...process.env, TELLTALE_GATES: folder },
  };
}

/** A fresh code, as `telltale pair` prints it on its last line. */
export function pairingCode(data: string): string {
  const said = execFileSync(COMMAND, ["pair", "--data", data], { encoding: "utf8" });
  const code = /code: ([A-Z0-9]{4}-[A-Z0-9]{4})\s*$/.exec(said)?.[1];
  if (!code) throw new Error(`'telltale pair' printed no code: ${said}`);
  return code;
}

/** Until a daemon answers on the port; throws where none does within the time. */
export async function untilReady(port: number, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/health`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no daemon answered on port ${port} within ${withinMs / 1000} seconds.`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
