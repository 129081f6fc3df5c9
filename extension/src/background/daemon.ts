import { asReading, asStatus, textField } from "../protocol/checks";
import type { SentPage } from "../protocol/reading";
import type { DaemonState, Outcome, PageState } from "../protocol/state";
import { t } from "../shared/words";
import { readSettings, type Settings, writeSettings } from "./settings";
import { baseOf, type Reply, request } from "./wire";

/** The daemon's routes as the extension uses them. Its absence is an ordinary state, never an exception. */

type Answered = Extract<Reply, { kind: "answer" }>;

const SHORT_WAIT_MS = 1000;

export async function judge(page: SentPage): Promise<PageState> {
  const { port, token } = await readSettings();
  if (!token) return { kind: "unpaired" };
  const reply = await request({ port, token, path: "/v1/pages", body: page });
  if (reply.kind !== "answer") return missing(reply, port);
  if (reply.status !== 200) return refused(reply);
  const reading = asReading(reply.body);
  return reading ? { kind: "verdict", reading } : { kind: "error", sentence: t("error_other_version") };
}

export async function daemonState(): Promise<DaemonState> {
  const { port, token } = await readSettings();
  if (!token) return openHealth(port);
  const reply = await request({ port, token, path: "/v1/status" });
  if (reply.kind !== "answer") return missing(reply, port);
  const status = reply.status === 200 ? asStatus(reply.body) : null;
  if (status?.state === "ready") return { kind: "ready", version: status.version, model: status.model };
  if (status) return { kind: "loading", version: status.version };
  if (isRefusal(reply)) return { kind: "unpaired" };
  return { kind: "error", sentence: detail(reply) ?? t("error_other_version") };
}

/** Without a token only the open health route may be asked: it tells a daemon that is off from one not yet paired. */
async function openHealth(port: number): Promise<DaemonState> {
  const reply = await request({ port, path: "/v1/health" });
  return reply.kind === "answer" ? { kind: "unpaired" } : missing(reply, port);
}

/** Exchanges the code for a token and keeps it, together with the port it was got from. */
export async function pair(code: string, otherPort?: number): Promise<Outcome> {
  const port = otherPort ?? (await readSettings()).port;
  const reply = await request({ port, path: "/v1/pair", body: { code, name: t("pairing_name") } });
  if (reply.kind === "absent") return { ok: false, sentence: t("pairing_off", port) };
  if (reply.kind !== "answer") return { ok: false, sentence: missingSentence(reply, port) };
  const token = reply.status === 200 ? textField(reply.body, "token") : null;
  if (!token) return { ok: false, sentence: pairRefusal(reply) };
  await writeSettings({ port, token });
  return { ok: true };
}

function pairRefusal(reply: Answered): string {
  if (reply.status === 429) return t("pairing_too_many");
  if (reply.status === 403) return t("pairing_bad_code");
  return detail(reply) ?? t("error_other_version");
}

/** A one-time address that opens the history in a tab, or a sentence why there is none. */
export async function historyAddress(to?: string): Promise<{ url: string } | { sentence: string }> {
  const settings = await readSettings();
  if (!settings.token) return { sentence: t("state_unpaired") };
  const reply = await request({ ...settings, path: "/v1/tickets", body: to ? { to } : {} });
  if (reply.kind === "absent") return { sentence: t("state_off") };
  if (reply.kind !== "answer") return { sentence: missingSentence(reply, settings.port) };
  if (isRefusal(reply)) return { sentence: t("state_unpaired") };
  const url = reply.status === 200 ? textField(reply.body, "url") : null;
  return url && isOwn(url, settings) ? { url } : { sentence: detail(reply) ?? t("error_other_version") };
}

/** Only the daemon's own pages are ever opened, whatever the answer says. */
function isOwn(url: string, { port }: Settings): boolean {
  const { origin } = new URL(url, baseOf(port));
  return origin === baseOf(port) || origin === `http://localhost:${port}`;
}

function refused(reply: Answered): PageState {
  const retryAfterMs = reply.retryAfterMs ?? SHORT_WAIT_MS;
  if (isRefusal(reply)) return { kind: "unpaired" };
  if (reply.status === 429) return { kind: "busy", retryAfterMs };
  if (reply.status === 503) return { kind: isLoading(reply) ? "loading" : "busy", retryAfterMs };
  return { kind: "error", sentence: detail(reply) ?? t("error_other_version") };
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

function missing(reply: Exclude<Reply, Answered>, port: number): { kind: "off" } | { kind: "error"; sentence: string } {
  return reply.kind === "absent" ? { kind: "off" } : { kind: "error", sentence: missingSentence(reply, port) };
}

function missingSentence(reply: Exclude<Reply, Answered>, port: number): string {
  return reply.kind === "silent" ? t("error_silent") : t("error_stranger", port);
}
