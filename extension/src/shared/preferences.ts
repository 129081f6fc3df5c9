import { browser } from "wxt/browser";
import type { Stored } from "./stored";

/** What a person chose. Kept in this browser alone; read by the background, written by the options page and the popup. */
export interface Preferences {
  /** Mark notes that an AI tool left in. */
  leaks: boolean;
  /** Mark what the page itself says about AI. */
  disclosures: boolean;
  /** Show a quiet badge on articles without a note, too. */
  silence: boolean;
  /** Have the daemon keep what was read. */
  record: boolean;
  /** Sites that are not read: host names without "www.". */
  paused: string[];
}

export const USUAL: Preferences = { leaks: true, disclosures: true, silence: false, record: true, paused: [] };

const KEY: Stored = "preferences";

export async function readPreferences(): Promise<Preferences> {
  const stored = (await browser.storage.local.get(KEY))[KEY] as Partial<Preferences> | undefined;
  return { ...USUAL, ...stored };
}

export async function changePreferences(change: Partial<Preferences>): Promise<void> {
  await browser.storage.local.set({ [KEY]: { ...(await readPreferences()), ...change } });
}

/** Pauses or resumes one site; the list stays sorted, so that a person finds a name in it. */
export async function setPaused(site: string, paused: boolean): Promise<void> {
  const { paused: before } = await readPreferences();
  const others = before.filter((name) => name !== site);
  await changePreferences({ paused: paused ? [...others, site].sort() : others });
}

/** "www.news.example" and "news.example" are one site to a person. Null where the address has no host. */
export function siteOf(url: string | undefined): string | null {
  if (!url || !URL.canParse(url)) return null;
  return new URL(url).hostname.replace(/^www\./, "") || null;
}

/** The paused name that covers this site, itself or a name above it; null when it is read. */
export function pauseOver(site: string | null, { paused }: Preferences): string | null {
  return paused.find((name) => site === name || site?.endsWith(`.${name}`)) ?? null;
}
