import { askBackground } from "../protocol/client";
import { onTrusted } from "../shared/elements";

/**
 * The daemon's own page with a button that pairs this browser. The code stands in its address, behind `#`; a person
 * presses the button, and the background makes sure whose page it is.
 */

export function isPairingPage({ hostname, pathname }: Location): boolean {
  return pathname === "/pair" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

export function offerPairing(page: Document): void {
  const button = page.querySelector<HTMLButtonElement>("button#telltale-pair");
  const said = page.getElementById("telltale-said");
  const code = location.hash.slice(1);
  if (!button || !said || !code) return;
  button.disabled = false;
  onTrusted(button, "click", async () => {
    const outcome = await askBackground({ kind: "pair-here", code });
    said.textContent = outcome.ok ? "" : outcome.sentence;
  });
}
