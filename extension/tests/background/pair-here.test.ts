import { beforeEach, describe, expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing";
import { handlers } from "../../src/background/handlers";
import { readPairing, writePairing } from "../../src/background/pairing";
import type { MessageSender } from "../../src/protocol/client";

/** The daemon's pairing page asks for a pairing with one click: who else may not. */

const CODE = "K7QM-3XWP";

function at(url: string, frameId = 0): MessageSender {
  return { url, frameId, tab: { id: 1 } } as MessageSender;
}

function daemonAnswers(): ReturnType<typeof vi.fn> {
  const ask = vi.fn(async (url: string) => {
    const body = url.endsWith("/v1/pair") ? { token: "secret" } : { ok: true };
    return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
  });
  vi.stubGlobal("fetch", ask);
  return ask;
}

beforeEach(() => {
  fakeBrowser.reset();
  vi.spyOn(fakeBrowser.tabs, "update").mockResolvedValue({} as never);
});

test.each(["http://127.0.0.1:8355/pair", "http://localhost:8355/pair#K7QM-3XWP"])("%s pairs", async (url) => {
  daemonAnswers();
  expect(await handlers["pair-here"]({ kind: "pair-here", code: CODE }, at(url))).toEqual({ ok: true });
  expect(await readPairing()).toEqual({ port: 8355, token: "secret" });
});

describe("does not pair, and asks nothing of anybody", () => {
  test.each([
    ["a web page", at("https://evil.example/pair")],
    ["a page whose name looks like the daemon's", at("http://127.0.0.1.evil.example:8355/pair")],
    ["another local server", at("http://127.0.0.1:3000/pair")],
    ["another page of the daemon", at("http://127.0.0.1:8355/sample")],
    ["a frame", at("http://127.0.0.1:8355/pair", 7)],
    ["what has no address", at("")],
  ])("%s", async (_who, sender) => {
    const ask = daemonAnswers();
    expect(await handlers["pair-here"]({ kind: "pair-here", code: CODE }, sender)).toMatchObject({ ok: false });
    expect(ask).not.toHaveBeenCalled();
    expect((await readPairing()).token).toBeNull();
  });
});

test("a pairing that holds is not put aside by a page", async () => {
  await writePairing({ port: 8355, token: "old" });
  const status = { version: "1", protocol: 1, state: "ready", model: "m" };
  const type = { headers: { "Content-Type": "application/json" } };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(status), type));
  const outcome = await handlers["pair-here"]({ kind: "pair-here", code: CODE }, at("http://127.0.0.1:8355/pair"));
  expect(outcome).toMatchObject({ ok: false });
  expect((await readPairing()).token).toBe("old");
});
