import type { DaemonSeen } from "../protocol/state";
import { make, onTrusted } from "../shared/elements";
import { type Preferences, siteOf } from "../shared/preferences";
import { makeShortcuts, type Shortcut } from "../shared/shortcuts";
import { daemonWords } from "../shared/states";
import { t, type WordKey } from "../shared/words";

export interface OptionsView {
  preferences: Preferences;
  daemon: DaemonSeen;
  keys: Shortcut[];
  version: string;
}

export interface OptionsActs {
  choose: (change: Partial<Preferences>) => void;
  setPaused: (site: string, paused: boolean) => void;
  openShortcuts: () => void;
  pair: () => void;
  unpair: () => void;
  /** Answers what went wrong, or nothing. */
  openHistory: (to?: string) => Promise<string>;
}

export function render(main: HTMLElement, view: OptionsView, acts: OptionsActs): void {
  main.replaceChildren(
    make("h1", {}, t("options_title")),
    make("p", { class: "faint" }, t("options_intro")),
    section("options_marks", ...marks(view, acts)),
    section("options_paused", ...pauses(view, acts)),
    section("options_history", ...history(view, acts)),
    section("options_private", make("p", {}, t("options_private_why"))),
    section("options_keys", ...keys(view, acts)),
    section("options_daemon", ...daemon(view, acts)),
  );
}

export function renderDaemon(main: HTMLElement, view: OptionsView, acts: OptionsActs): void {
  main.querySelector("[aria-labelledby=options_daemon]")?.replaceWith(section("options_daemon", ...daemon(view, acts)));
}

function section(title: WordKey, ...content: HTMLElement[]): HTMLElement {
  return make("section", { "aria-labelledby": title }, make("h2", { id: title, tabindex: "-1" }, t(title)), ...content);
}

type Choice = "leaks" | "disclosures" | "silence" | "record";

function choice(name: Choice, { preferences }: OptionsView, acts: OptionsActs): HTMLElement {
  const input = make("input", { type: "checkbox", id: name, checked: preferences[name] });
  onTrusted(input, "change", () => acts.choose({ [name]: input.checked }));
  const why = make("span", { class: "faint" }, t(`options_${name}_why`));
  return make("label", { class: "choice" }, input, make("span", {}, t(`options_${name}`)), why);
}

function marks(view: OptionsView, acts: OptionsActs): HTMLElement[] {
  return (["leaks", "disclosures", "silence"] as const).map((name) => choice(name, view, acts));
}

function pauses({ preferences }: OptionsView, acts: OptionsActs): HTMLElement[] {
  const { paused } = preferences;
  const list = make("ul", {}, ...paused.map((site) => pausedSite(site, acts)));
  const none = make("p", { class: "faint" }, t("options_paused_none"));
  return [make("p", {}, t("options_paused_why")), paused.length > 0 ? list : none, pauseForm(acts)];
}

function pausedSite(site: string, acts: OptionsActs): HTMLElement {
  const names = { id: `resume-${site}`, "aria-label": `${t("popup_resume")}: ${site}` };
  const resume = make("button", { type: "button", ...names }, t("popup_resume"));
  onTrusted(resume, "click", () => acts.setPaused(site, false));
  return make("li", {}, site, resume);
}

function pauseForm(acts: OptionsActs): HTMLElement {
  const input = make("input", { type: "text", id: "site", placeholder: "news.example", spellcheck: "false" });
  const message = make("p", { class: "message", role: "status" });
  const add = make("button", { type: "submit", id: "pause" }, t("options_paused_add"));
  const form = make("form", {}, make("label", {}, t("options_paused_site"), input), add);
  onTrusted(form, "submit", (event) => {
    event.preventDefault();
    const site = typedSite(input.value);
    message.textContent = site ? "" : t("options_paused_bad");
    if (!site) return;
    input.value = "";
    acts.setPaused(site, true);
  });
  return make("div", {}, form, message);
}

/** An address or a bare name, as people type and paste them. */
export function typedSite(typed: string): string | null {
  const text = typed.trim();
  const site = siteOf(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  return site && /^[a-z0-9.-]+$|^\[[0-9a-f:.]+\]$/.test(site) ? site : null;
}

/** The daemon's own pages hold what concerns its file: how long, out of it, away with it. */
function history(view: OptionsView, acts: OptionsActs): HTMLElement[] {
  const message = make("p", { class: "message", role: "status" });
  const leads = [
    ["open_history", undefined],
    ["options_open_retention", "/settings"],
    ["options_open_export", "/"],
  ] as const;
  const buttons = leads.map(([word, to]) => {
    const button = make("button", { type: "button", id: word }, t(word));
    onTrusted(button, "click", async () => {
      message.textContent = await acts.openHistory(to);
    });
    return button;
  });
  const why = make("p", { class: "faint" }, t("options_retention"));
  return [choice("record", view, acts), why, make("div", { class: "actions" }, ...buttons), message];
}

function keys({ keys: all }: OptionsView, acts: OptionsActs): HTMLElement[] {
  const change = make("button", { type: "button", id: "change-keys" }, t("options_keys_change"));
  onTrusted(change, "click", acts.openShortcuts);
  return [makeShortcuts(all), change];
}

function daemon({ daemon: state, version }: OptionsView, acts: OptionsActs): HTMLElement[] {
  const isPaired = state.kind !== "unpaired";
  const pair = make("button", { type: "button", id: "pair" }, t(isPaired ? "options_pair_again" : "popup_pair"));
  const unpair = make("button", { type: "button", id: "unpair" }, t("options_unpair"));
  onTrusted(pair, "click", acts.pair);
  onTrusted(unpair, "click", acts.unpair);
  return [
    make("p", {}, daemonWords(state)),
    make("div", { class: "actions" }, pair, isPaired ? unpair : null),
    make("p", { class: "faint message" }, t("options_version", version)),
  ];
}
