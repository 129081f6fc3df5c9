import { DAEMON_ORIGINS, mayReach } from "../shared/access";

/** One request to the daemon over HTTP: what came back, or why nothing did. Knows no route and no state. */

export type Reply =
  | { kind: "answer"; status: number; body: unknown; retryAfterMs: number | null }
  /** Nothing listens there: the daemon is not running. */
  | { kind: "absent" }
  /** The browser did not let the request out. */
  | { kind: "barred" }
  /** It listens, but did not answer in time. */
  | { kind: "silent"; afterMs: number }
  /** Something answered that does not speak JSON: another program has the port. */
  | { kind: "stranger" };

export interface Ask {
  port: number;
  path: string;
  token?: string | null;
  /** Makes the request a POST with this JSON body. */
  body?: unknown;
  /** How long an answer is waited for, if not as long as for a page. */
  patienceMs?: number;
  /** Aborted when nobody waits for the answer any longer; the request then throws. */
  signal?: AbortSignal | undefined;
}

/**
 * Longer than the longest ordinary page takes (400,000 characters: some 5 s, and others may go first), short enough that
 * a stuck daemon is told to the person.
 */
const PATIENCE_MS = 20_000;

export async function request({ patienceMs = PATIENCE_MS, signal, ...ask }: Ask): Promise<Reply> {
  try {
    const late = AbortSignal.timeout(patienceMs);
    const either = signal ? AbortSignal.any([signal, late]) : late;
    return await answerOf(await fetch(`${baseOf(ask.port)}${ask.path}`, { ...optionsOf(ask), signal: either }));
  } catch (error) {
    if (signal?.aborted) throw error;
    if (isTimeout(error)) return { kind: "silent", afterMs: patienceMs };
    return { kind: (await isBarred()) ? "barred" : "absent" };
  }
}

export function baseOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** No cookies, no cache and no redirects: the token goes to this one address, and nothing else is taken for it. */
function optionsOf({ token, body }: Ask): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return {
    method: body === undefined ? "GET" : "POST",
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
  };
}

async function answerOf(response: Response): Promise<Reply> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!/^application\/(problem\+)?json\b/.test(type)) return { kind: "stranger" };
  try {
    const body: unknown = await response.json();
    return { kind: "answer", status: response.status, body, retryAfterMs: retryAfter(response) };
  } catch (error) {
    if (isTimeout(error)) throw error;
    return { kind: "stranger" };
  }
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0.5), 60) * 1000 : null;
}

/**
 * A request that the browser stops looks to the script like one that nobody answers: a person (or Firefox, where such
 * permissions are optional) took the extension's access to 127.0.0.1 back. Chromium's own rules for requests to this
 * computer hold for web pages, and for an extension only without that access; a test denies them and asks all the same.
 */
async function isBarred(): Promise<boolean> {
  return !(await mayReach(DAEMON_ORIGINS));
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError");
}
