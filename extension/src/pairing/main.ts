import { askBackground } from "../protocol/client";
import { shortcuts } from "../shared/shortcuts";
import { onStoredChange } from "../shared/stored";
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
  if (outcome.ok) return showDone();
  say(form, outcome.sentence);
  form.code.select();
}

function say(form: PairingForm, sentence: string): void {
  form.message.textContent = sentence;
}

let done = false;

async function showDone(): Promise<void> {
  if (done) return;
  done = true;
  renderDone(main, await shortcuts(), {
    openHistory: () => void askBackground({ kind: "open-history" }),
    openSample: () => void askBackground({ kind: "open-sample" }),
  });
}

/**
 * A code in the address is used at once, and taken out of the address before anything else. `#again` asks for the
 * steps though a pairing holds.
 */
async function start(): Promise<void> {
  document.documentElement.lang = language();
  document.title = t("pairing_title");
  const again = location.hash === "#again";
  const given = fromFragment(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (!given && !again && (await isPaired())) return showDone();
  const form = renderSteps(main, (parts) => void pair(parts));
  onStoredChange("daemon", () => void showIfPaired());
  if (!given) return;
  form.code.value = given.code;
  form.port.value = given.port;
  void pair(form);
}

/** The button of the daemon's page, in another tab, pairs too. */
async function showIfPaired(): Promise<void> {
  if (await isPaired()) await showDone();
}

async function isPaired(): Promise<boolean> {
  const { kind } = await askBackground({ kind: "daemon" });
  return kind === "ready" || kind === "loading";
}

void start();
