// Draws public/icon/*.png from tools/icon.svg with the machine's own Chromium: `npm run icons`.
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const SIZES = [16, 32, 48, 96, 128];
const svg = await readFile(new URL("./icon.svg", import.meta.url), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage();
for (const size of SIZES) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  const path = new URL(`../public/icon/${size}.png`, import.meta.url).pathname;
  await page.screenshot({ path, omitBackground: true });
  console.log(path);
}
await browser.close();
