#!/usr/bin/env node
// Renews daemon/telltale/addresses.json: which parameters of addresses only track, and which addresses are AMP copies, after
// the rules of tidy-url (npm, MIT), a list that is kept up by others. Change VERSION, run this, read the diff.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "1.18.3";
const TARGET = fileURLToPath(new URL("../daemon/telltale/addresses.json", import.meta.url));
const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** A rule of tidy-url that names a site and says in plain text what of an address is AMP: what it is replaced with. */
function amp({ name, amp }) {
  if (!amp || !DOMAIN.test(name)) return [];
  const { replace, sliceTrailing } = amp;
  const found = [];
  if (typeof replace?.text === "string") found.push({ site: name, text: replace.text, with: replace.with ?? "" });
  if (typeof sliceTrailing === "string") found.push({ site: name, end: sliceTrailing });
  return found;
}

function written(folder, packed) {
  const rules = createRequire(import.meta.url)(join(folder, "package/data/rules.js"));
  const [everywhere, ...sites] = rules;
  if (everywhere.name !== "Global") throw new Error("tidy-url's first rule is no longer the one for all sites.");
  const plain = sites.filter(({ name, rules: names, match_href }) => DOMAIN.test(name) && names?.length && !match_href);
  return {
    from: `tidy-url ${VERSION} (npm), data/rules.js`,
    integrity: packed.integrity,
    licence: readFileSync(join(folder, "package/LICENSE"), "utf8").trim(),
    everywhere: [...new Set(everywhere.rules)].sort(),
    sites: Object.fromEntries(plain.map(({ name, rules: names }) => [name, [...new Set(names)].sort()]).sort()),
    amp: sites.flatMap(amp),
  };
}

const folder = mkdtempSync(join(tmpdir(), "tidy-url-"));
try {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", `tidy-url@${VERSION}`, "--json", "--silent"], { cwd: folder, encoding: "utf8" }),
  );
  execFileSync("tar", ["xzf", packed.filename], { cwd: folder });
  writeFileSync(TARGET, `${JSON.stringify(written(folder, packed), null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
