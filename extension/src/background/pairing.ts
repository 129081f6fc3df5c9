import { browser } from "wxt/browser";
import type { Stored } from "../shared/stored";

/**
 * Where the daemon is and the token that pairing gave. The port is kept with it, not a constant of the build: the
 * person who moves the daemon to another port needs no other extension, and match patterns ignore ports anyway.
 */
export interface Pairing {
  port: number;
  token: string | null;
}

const USUAL_PORT = 8355;
const KEY: Stored = "daemon";

export async function readPairing(): Promise<Pairing> {
  const stored = (await browser.storage.local.get(KEY))[KEY] as Partial<Pairing> | undefined;
  return { port: stored?.port ?? USUAL_PORT, token: stored?.token ?? null };
}

export async function writePairing(pairing: Pairing): Promise<void> {
  await browser.storage.local.set({ [KEY]: pairing });
}

/**
 * Keeps the token from content scripts, which share a process with web pages: without this Chromium would let any
 * of them read it. Firefox has no such switch and no such sharing with the page's own code.
 */
export async function guardPairing(): Promise<void> {
  const area = browser.storage.local as { setAccessLevel?: (level: { accessLevel: string }) => Promise<void> };
  await area.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
}
