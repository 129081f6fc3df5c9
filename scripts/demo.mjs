#!/usr/bin/env node
// Shows Telltale at work on a sample article; `scripts/run --demo` starts the daemon for it and calls this.
import { parseArgs } from "node:util";
import { harness } from "./harness.mjs";

const USAGE = "usage: scripts/run --demo [--headless --screenshot FILE]";
const READY_MS = 60_000;

function options() {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: { data: text, port: { ...text, default: "8355" }, headless: { type: "boolean" }, screenshot: text },
  });
  if (!values.data) throw new Error("--data is missing; scripts/run --demo gives it.");
  if (values.headless && !values.screenshot) throw new Error("--headless shows nothing without --screenshot FILE.");
  if (!values.headless && process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    throw new Error("there is no screen here; use --headless --screenshot FILE.");
  return { ...values, port: Number(values.port) };
}

async function show({ data, port, headless, screenshot }) {
  const { Chromium, BadgeView, servePages, pairingCode, untilReady } = await harness();
  await untilReady(port, READY_MS);
  const pages = await servePages();
  const browser = await Chromium.launch({ headless });
  try {
    await browser.pair(port, pairingCode(data));
    const page = await browser.open(pages.url("leak.html"));
    const badge = await BadgeView.on(page);
    await badge.shown(".badge", READY_MS);
    await badge.click(".badge");
    if (screenshot) await picture(page, badge, screenshot);
    else await untilClosed(browser);
  } finally {
    await browser.close();
    await pages.stop();
  }
}

/** The note underlined in the text, with the popover beside it. */
async function picture(page, badge, path) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1440, height: 800 });
  await badge.click(".foot .act");
  await page.screenshot({ path });
}

async function untilClosed(browser) {
  console.log("The article is open and its note is marked. Close the browser or press Ctrl-C to end.");
  await new Promise((resolve) => {
    browser.context.once("close", resolve);
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

try {
  await show(options());
} catch (error) {
  console.error(`demo: ${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
