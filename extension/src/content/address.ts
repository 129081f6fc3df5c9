/**
 * The address of what is shown. A fragment only scrolls, except where a site routes by it; a change of it alone is
 * then a change of page.
 */
export function addressOf({ href, hash }: { href: string; hash: string }): string {
  return /^#!?\//.test(hash) || hash.startsWith("#!") ? href : (href.split("#", 1)[0] ?? href);
}

/**
 * Sites take the parameters that tell where a reader came from out of the address. One that only lost some is taken for
 * that of the same page until its text says otherwise.
 */
export function isOtherPage(before: string, now: string): boolean {
  return before !== now && !isShortened(before, now);
}

function isShortened(before: string, now: string): boolean {
  const [old, { search, ...rest }] = [partsOf(before), partsOf(now)];
  const same = old.origin === rest.origin && old.pathname === rest.pathname && old.hash === rest.hash;
  return same && search.length < old.search.length && search.every((parameter) => old.search.includes(parameter));
}

function partsOf(address: string): { origin: string; pathname: string; hash: string; search: string[] } {
  const { origin, pathname, hash, search } = new URL(address);
  return { origin, pathname, hash, search: search.slice(1).split("&").filter(Boolean) };
}

/** What servers accept, and the daemon with them. */
const LONGEST = 8192;

/** Longer is only what a script put behind the path, of which no part would say anything. */
export function sentAddressOf(location: Pick<Location, "href" | "hash" | "origin" | "pathname">): string {
  const address = addressOf(location);
  return address.length > LONGEST ? location.origin + location.pathname : address;
}
