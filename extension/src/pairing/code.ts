/** Codes and ports as people type them and as the fragment of the pairing page's address carries them. */

/** "k7qm 3xwp" → "K7QM-3XWP"; null when it is no whole code. */
export function tidyCode(typed: string): string | null {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}

/** Undefined for "the usual one", null for what is no port. */
export function tidyPort(typed: string): number | undefined | null {
  const text = typed.trim();
  if (text === "") return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
}

/** `#code=K7QM-3XWP&port=9001`, as `scripts/run --demo` opens the page. Web pages cannot open it. */
export function fromFragment(hash: string): { code: string; port: string } | null {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const code = fields.get("code");
  return code ? { code, port: fields.get("port") ?? "" } : null;
}
