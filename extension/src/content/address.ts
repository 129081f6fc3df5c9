/**
 * The address of what is shown. A fragment only scrolls, except where a site routes by it; a change of it alone is
 * then a change of page.
 */
export function addressOf({ href, hash }: { href: string; hash: string }): string {
  return /^#!?\//.test(hash) || hash.startsWith("#!") ? href : (href.split("#", 1)[0] ?? href);
}
