import { beforeEach, describe, expect, test, vi } from "vitest";
import { daemonState, historyAddress, judge, pair } from "../../src/background/daemon";
import { readPairing, writePairing } from "../../src/background/pairing";
import type { SentPage } from "../../src/protocol/reading";
import { reading } from "../readings";

const PAGE: SentPage = { url: "https://news.example/a", title: "A", blocks: [{ text: "B", role: "paragraph" }] };
const TYPE = { "Content-Type": "application/json" };

function answer(status: number, body: unknown, headers: Record<string, string> = TYPE): void {
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(JSON.stringify(body), { status, headers })),
  );
}

function problem(status: number, code: string, headers: Record<string, string> = {}): void {
  const body = { type: `urn:telltale:problem:${code}`, title: "T", status, detail: "The daemon's own sentence." };
  answer(status, body, { "Content-Type": "application/problem+json", ...headers });
}

function fails(error: Error): void {
  vi.stubGlobal("fetch", vi.fn().mockRejectedValue(error));
}

const refused = () => fails(new TypeError("Failed to fetch"));
const slow = () => fails(new DOMException("late", "TimeoutError"));

function asked(): [string, RequestInit] {
  return vi.mocked(fetch).mock.calls[0] as [string, RequestInit];
}

beforeEach(() => writePairing({ port: 9001, token: "secret" }));

describe("judging a page", () => {
  test("asks the paired daemon with the token, and carries nothing else along", async () => {
    answer(200, reading("undisclosed"));
    expect(await judge(PAGE, true)).toEqual({ kind: "verdict", reading: reading("undisclosed") });
    const [url, init] = asked();
    expect(url).toBe("http://127.0.0.1:9001/v1/pages");
    expect(init.headers).toMatchObject({ Authorization: "Bearer secret", "Content-Type": "application/json" });
    expect(init).toMatchObject({ credentials: "omit", cache: "no-store", redirect: "error" });
  });

  test("tells the daemon where nobody looks at the page", async () => {
    answer(200, reading("none"));
    await judge(PAGE, true, { hidden: true });
    expect(asked()[0]).toBe("http://127.0.0.1:9001/v1/pages?hidden=1");
  });

  test("without a token nothing is sent", async () => {
    answer(200, reading("none"));
    await writePairing({ port: 9001, token: null });
    expect(await judge(PAGE, true)).toEqual({ kind: "unpaired" });
    expect(fetch).not.toHaveBeenCalled();
  });

  test.each<[string, () => void, object]>([
    ["no daemon", refused, { kind: "off" }],
    ["a stuck daemon", slow, { kind: "error", sentence: expect.stringMatching(/20 seconds/) }],
    ["another program", () => answer(200, "hello", { "Content-Type": "text/html" }), { kind: "error" }],
    ["an unknown token", () => problem(401, "no-token"), { kind: "unpaired" }],
    ["another extension's token", () => problem(403, "wrong-origin"), { kind: "unpaired" }],
    [
      "a model still loading",
      () => problem(503, "loading", { "Retry-After": "1" }),
      { kind: "loading", retryAfterMs: 1000 },
    ],
    ["a full queue", () => problem(503, "busy", { "Retry-After": "7" }), { kind: "busy", retryAfterMs: 7000 }],
    ["too many requests", () => problem(429, "too-many"), { kind: "busy", retryAfterMs: 1000 }],
    ["a refused page", () => problem(413, "too-large"), { kind: "error", sentence: "The daemon's own sentence." }],
    ["an answer of another shape", () => answer(200, { verdict: "guilty" }), { kind: "other-version" }],
  ])("%s is a state of its own", async (_name, happens, state) => {
    happens();
    expect(await judge(PAGE, true)).toMatchObject(state);
  });
});

describe("the daemon's state", () => {
  const status = { version: "0.1.0", protocol: 1, state: "ready", model: "telltale-1" };

  test.each<[string, () => void, object]>([
    ["ready", () => answer(200, status), { kind: "ready", version: "0.1.0", model: "telltale-1" }],
    ["loading", () => answer(200, { ...status, state: "loading", model: null }), { kind: "loading", version: "0.1.0" }],
    ["off", refused, { kind: "off" }],
    ["stuck", slow, { kind: "error", sentence: expect.stringMatching(/within 5 seconds/) }],
    ["unpaired", () => problem(401, "no-token"), { kind: "unpaired" }],
    ["of another version", () => answer(200, { ...status, protocol: 2 }), { kind: "other-version" }],
    ["of an unknown shape", () => answer(200, { state: "asleep" }), { kind: "other-version" }],
  ])("%s", async (_name, happens, state) => {
    happens();
    expect(await daemonState()).toMatchObject(state);
  });

  test("is waited for no longer than a person waits for the popup", async () => {
    const limit = vi.spyOn(AbortSignal, "timeout");
    answer(200, status);
    await daemonState();
    await judge(PAGE, true);
    expect(limit.mock.calls).toEqual([[5000], [20_000]]);
  });

  test("unpaired, only the open route is asked", async () => {
    await writePairing({ port: 9001, token: null });
    answer(200, { ok: true });
    expect(await daemonState()).toEqual({ kind: "unpaired" });
    expect(asked()[0]).toBe("http://127.0.0.1:9001/v1/health");
  });
});

describe("pairing", () => {
  test("keeps the token and the port it came from", async () => {
    answer(200, { token: "new", name: "Browser" });
    expect(await pair("K7QM-3XWP", 9002)).toEqual({ ok: true });
    expect(await readPairing()).toEqual({ port: 9002, token: "new" });
  });

  test.each<[string, () => void, RegExp]>([
    ["a wrong code", () => problem(403, "bad-code"), /wrong, was used/],
    ["too many tries", () => problem(429, "too-many"), /minute/],
    ["no daemon", refused, /port 9001/],
    ["an answer without a token", () => answer(200, {}), /versions/],
  ])("%s keeps the old token and says why", async (_name, happens, sentence) => {
    happens();
    expect(await pair("K7QM-3XWP")).toEqual({ ok: false, sentence: expect.stringMatching(sentence) });
    expect((await readPairing()).token).toBe("secret");
  });
});

describe("the way into the history", () => {
  test("is the address that the daemon gave", async () => {
    answer(200, { url: "http://127.0.0.1:9001/open/ticket?to=/" });
    expect(await historyAddress("/outlets/news.example")).toEqual({ url: "http://127.0.0.1:9001/open/ticket?to=/" });
    expect(asked()[1].body).toBe('{"to":"/outlets/news.example"}');
  });

  test.each([
    "http://evil.example/open",
    "//evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://127.0.0.1:9002/",
    "http://[",
  ])("never leads to another site: %s", async (url) => {
    answer(200, { url });
    expect(await historyAddress()).toHaveProperty("sentence");
  });
});
