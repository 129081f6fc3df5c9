import { asReading, asStand, asStatus, textField } from "../protocol/checks";
import type { Feedback, SentPage } from "../protocol/reading";
import type { DaemonState, Decided, Lack, Outcome, PageState } from "../protocol/state";
import { t } from "../shared/words";
import { type Pairing, readPairing, writePairing } from "./pairing";
import { baseOf, type Reply, request } from "./wire";

/** The daemon's routes as the extension uses them. Its absence is an ordinary state, never an exception. */

type Answered = Extract<Reply, { kind: "answer" }>;

const SHORT_WAIT_MS = 1000;
/**
 * A person looks at the popup while the daemon is asked how it is. It knows that by heart and answers in milliseconds,
 * even while it reads; the rest is for a machine with much other work.
 */
const STATUS_PATIENCE_MS = 5000;
/** The protocol that this extension speaks, as GET /v1/status names it. */
const PROTOCOL = 1;

/** How a page is asked about. */
export interface How {
  /** Nobody looks at the page: the daemon reads it after those that are looked at. */
  hidden?: boolean;
  signal?: AbortSignal;
}

/** `record` says whether the daemon keeps what it read. Throws once the signal is aborted. */
export async function judge(page: SentPage, record: boolean, { hidden, signal }: How = {}): Promise<PageState> {
  const { port, token } = await readPairing();
  if (!token) return { kind: "unpaired" };
  const path = hidden ? "/v1/pages?hidden=1" : "/v1/pages";
  const reply = await request({ port, token, path, body: { ...page, record }, signal });
  if (reply.kind !== "answer") return missing(reply, port);
  if (reply.status !== 200) return refused(reply);
  const reading = asReading(reply.body);
  return reading ? { kind: "verdict", reading } : { kind: "other-version" };
}

export async function daemonState(): Promise<DaemonState> {
  const { port, token } = await readPairing();
  if (!token) return openHealth(port);
  const reply = await request({ port, token, path: "/v1/status", patienceMs: STATUS_PATIENCE_MS });
  if (reply.kind !== "answer") return missing(reply, port);
  if (isRefusal(reply)) return { kind: "unpaired" };
  if (reply.status !== 200) return { kind: "error", sentence: detail(reply) ?? t("state_other_version") };
  const status = asStatus(reply.body);
  if (status?.protocol !== PROTOCOL) return { kind: "other-version" };
  if (status.state === "ready") return { kind: "ready", version: status.version, model: status.model };
  return { kind: "loading", version: status.version };
}

/** Without a token only the open health route may be asked: it tells a daemon that is off from one not yet paired. */
async function openHealth(port: number): Promise<DaemonState> {
  const reply = await request({ port, path: "/v1/health", patienceMs: STATUS_PATIENCE_MS });
  return reply.kind === "answer" ? { kind: "unpaired" } : missing(reply, port);
}

/** Exchanges the code for a token and keeps it, together with the port it was got from. */
export async function pair(code: string, otherPort?: number): Promise<Outcome> {
  const port = otherPort ?? (await readPairing()).port;
  const reply = await request({ port, path: "/v1/pair", body: { code, name: t("pairing_name") } });
  if (reply.kind === "absent") return { ok: false, sentence: t("pairing_off", port) };
  if (reply.kind !== "answer") return { ok: false, sentence: missingSentence(reply, port) };
  const token = reply.status === 200 ? textField(reply.body, "token") : null;
  if (!token) return { ok: false, sentence: pairRefusal(reply) };
  await writePairing({ port, token });
  return { ok: true };
}

/** Forgets the token; the daemon keeps its half until `telltale unpair` or its own pages end it. */
export async function unpair(): Promise<void> {
  await writePairing({ ...(await readPairing()), token: null });
}

function pairRefusal(reply: Answered): string {
  if (reply.status === 429) return t("pairing_too_many");
  if (reply.status === 403) return t("pairing_bad_code");
  return detail(reply) ?? t("state_other_version");
}

/** Has the daemon keep what a person said of a note; it holds when the page is seen again. */
export async function decide(feedback: Feedback): Promise<Decided> {
  const { port, token } = await readPairing();
  if (!token) return { ok: false, sentence: t("state_unpaired") };
  const reply = await request({ port, token, path: "/v1/feedback", body: feedback });
  if (reply.kind !== "answer") return { ok: false, sentence: missingSentence(reply, port) };
  if (isRefusal(reply)) return { ok: false, sentence: t("state_unpaired") };
  const stand = reply.status === 200 ? asStand(reply.body) : null;
  return stand ? { ok: true, stand } : { ok: false, sentence: detail(reply) ?? t("state_other_version") };
}

/** A one-time address that opens the history in a tab, or a sentence why there is none. */
export async function historyAddress(to?: string): Promise<{ url: string } | { sentence: string }> {
  const pairing = await readPairing();
  if (!pairing.token) return { sentence: t("state_unpaired") };
  const reply = await request({ ...pairing, path: "/v1/tickets", body: to ? { to } : {} });
  if (reply.kind !== "answer") return { sentence: missingSentence(reply, pairing.port) };
  if (isRefusal(reply)) return { sentence: t("state_unpaired") };
  const url = reply.status === 200 ? textField(reply.body, "url") : null;
  return url && isOwn(url, pairing) ? { url } : { sentence: detail(reply) ?? t("state_other_version") };
}

/** Only the daemon's own pages are ever opened, whatever the answer says. */
function isOwn(url: string, { port }: Pairing): boolean {
  if (!URL.canParse(url, baseOf(port))) return false;
  const { origin } = new URL(url, baseOf(port));
  return origin === baseOf(port) || origin === `http://localhost:${port}`;
}

function refused(reply: Answered): PageState {
  const retryAfterMs = reply.retryAfterMs ?? SHORT_WAIT_MS;
  if (isRefusal(reply)) return { kind: "unpaired" };
  if (reply.status === 429) return { kind: "busy", retryAfterMs };
  if (reply.status === 503) return { kind: isLoading(reply) ? "loading" : "busy", retryAfterMs };
  return { kind: "error", sentence: detail(reply) ?? t("state_other_version") };
}

/** The token is unknown to this daemon, or was given to another extension: both are mended by pairing anew. */
function isRefusal(reply: Answered): boolean {
  return reply.status === 401 || reply.status === 403;
}

function isLoading(reply: Answered): boolean {
  return textField(reply.body, "type")?.endsWith(":loading") ?? false;
}

function detail(reply: Answered): string | null {
  return textField(reply.body, "detail");
}

function missing(reply: Exclude<Reply, Answered>, port: number): Lack {
  if (reply.kind === "absent") return { kind: "off" };
  if (reply.kind === "barred") return { kind: "barred" };
  return { kind: "error", sentence: missingSentence(reply, port) };
}

function missingSentence(reply: Exclude<Reply, Answered>, port: number): string {
  if (reply.kind === "absent") return t("state_off");
  if (reply.kind === "barred") return t("state_barred");
  return reply.kind === "silent" ? t("error_silent", reply.afterMs / 1000) : t("error_stranger", port);
}
