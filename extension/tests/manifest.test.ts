import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { UserManifest } from "wxt";
import { DAEMON_ORIGINS, PAGE_ORIGINS } from "../src/shared/access";
import config from "../wxt.config";

const README = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

async function manifest(browser: string): Promise<UserManifest> {
  const make = config.manifest as (environment: object) => UserManifest;
  return make({ browser, command: "build", mode: "production", manifestVersion: 3 });
}

/** The permissions that the README gives a reason for. */
function explained(): string[] {
  return [...README.matchAll(/^\| `([^`]+)` +\| +\S.{8,}\|$/gm)].map((row) => row[1] ?? "").filter(isPermission);
}

function isPermission(name: string): boolean {
  return /^[a-zA-Z]+$|:\/\//.test(name);
}

test.each(["chrome", "firefox"])(
  "in %s the manifest asks for what the README explains, and for nothing else",
  async (browser) => {
    const { permissions = [], host_permissions = [] } = await manifest(browser);
    expect([...permissions, ...host_permissions, ...PAGE_ORIGINS].sort()).toEqual(explained().sort());
    expect(host_permissions).toEqual(DAEMON_ORIGINS);
    expect(await manifest(browser)).not.toHaveProperty("optional_permissions");
    expect(await manifest(browser)).not.toHaveProperty("externally_connectable");
    expect(await manifest(browser)).not.toHaveProperty("web_accessible_resources");
  },
);

test.each(["chrome", "firefox"])(
  "in %s private windows are closed to it, and its pages reach the daemon alone",
  async (browser) => {
    const { incognito, content_security_policy } = await manifest(browser);
    expect(incognito).toBe("not_allowed");
    const { extension_pages: policy } = content_security_policy as { extension_pages: string };
    expect(policy).toMatch(/default-src 'none'.*connect-src http:\/\/127\.0\.0\.1:\*$/);
    expect(policy).not.toMatch(/unsafe|\*\.|https:/);
  },
);
