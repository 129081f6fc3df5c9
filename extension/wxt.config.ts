import { defineConfig } from "wxt";

/**
 * The public half of a key whose private half was thrown away: it only fixes the extension's id in Chromium
 * (dmjiacfhglgiaidjibjmcbfpjfciilhe), so that the daemon's pairing outlives a move of the folder. The store gives its own
 * and takes no package that carries one.
 */
const CHROME_KEY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAly0e6kxpV9o2f5kEQ+xFHeb3VDqTDHLo+Yn1R7JQYpu79Zo++2pH/EkKVbvPXDT4Vxfw5xlHRmvuQPfaIuyVLU96IIejFg+DD4yPqcYnzPyQ8maCj+bwYo2e5Gt8KLa2cH2/PJyWUfLpnKvxDKsfwYeOomqz6yEpFj74rd7d53PjAJtxQQXyOgN0Rlks6vwga9Ru3e3DwSgmWEPZuJBnq9SyZAqUpgwBJK3XFLqv1agDi382B9pfSv8H6MFYXNIh0D6L0wMgC7+6KXPjRR8AtR62gohdGHDc6fUhIcFx859GcC1Rei7xClLBtRPb1XYE2FmYJ8e10LG56tbnpzDMLwIDAQAB";

/**
 * `connect-src` names the daemon's address alone: the extension's own pages and its background can reach nothing
 * else, whatever their code says. It also stands in for Firefox's default, which would turn http into https.
 */
const PAGES_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src http://127.0.0.1:*";

const COMMANDS = {
  _execute_action: { suggested_key: { default: "Alt+Shift+Y" } },
  "toggle-popover": { suggested_key: { default: "Alt+Shift+U" }, description: "__MSG_command_toggle_popover__" },
  "next-note": { suggested_key: { default: "Alt+Shift+J" }, description: "__MSG_command_next_note__" },
  "check-selection": { suggested_key: { default: "Alt+Shift+S" }, description: "__MSG_command_check_selection__" },
};

export default defineConfig({
  srcDir: "src",
  entrypointsDir: ".",
  publicDir: "public",
  manifestVersion: 3,
  imports: false,
  zip: { artifactTemplate: "telltale-{{version}}-{{browser}}.zip" },
  manifest: ({ browser, command }) => ({
    name: "__MSG_name__",
    description: "__MSG_description__",
    default_locale: "en",
    permissions: ["contextMenus", "storage"],
    host_permissions: ["http://127.0.0.1/*"],
    incognito: "not_allowed",
    commands: COMMANDS,
    action: { default_title: "__MSG_name__" },
    // The development server needs its own socket, so the policy is for built extensions only.
    ...(command === "build" && { content_security_policy: { extension_pages: PAGES_POLICY } }),
    ...(browser === "firefox"
      ? {
          browser_specific_settings: {
            gecko: {
              id: "{c6374b91-46b4-45c7-91c0-49bf046fa2fe}",
              strict_min_version: "142.0",
              data_collection_permissions: { required: ["none"] },
            },
          },
        }
      : { ...(!process.env.TELLTALE_STORE && { key: CHROME_KEY }), minimum_chrome_version: "120" }),
  }),
});
