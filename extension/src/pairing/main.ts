import { askBackground } from "../protocol/client";
import { language, t } from "../shared/words";
import { fromFragment, tidyCode, tidyPort } from "./code";
import { type PairingForm, renderDone, renderSteps } from "./render";

/** The pairing page: opens when the extension is installed, or from the popup. */

const main = document.getElementById("main") as HTMLElement;

async function pair(form: PairingForm): Promise<void> {
  const code = tidyCode(form.code.value);
  const port = tidyPort(form.port.value);
  if (!code) return say(form, t("pairing_incomplete"));
  if (port === null) return say(form, t("pairing_bad_port"));
  form.submit.disabled = true;
  say(form, t("pairing_working"));
  const outcome = await askBackground({ kind: "pair", code, ...(port !== undefined && { port }) });
  form.submit.disabled = false;
  if (outcome.ok) return renderDone(main, () => void askBackground({ kind: "open-history" }));
  say(form, outcome.sentence);
  form.code.select();
}

function say(form: PairingForm, sentence: string): void {
  form.message.textContent = sentence;
}

/** A code in the address is used at once, and taken out of the address before anything else. */
function start(): void {
  document.documentElement.lang = language();
  document.title = t("pairing_title");
  const given = fromFragment(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  const form = renderSteps(main, (parts) => void pair(parts));
  if (!given) return;
  form.code.value = given.code;
  form.port.value = given.port;
  void pair(form);
}

start();
