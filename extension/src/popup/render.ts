import type { Decision, Note } from "../protocol/reading";
import { make, onTrusted } from "../shared/elements";
import { makeNoteItem } from "../shared/note-item";
import { t } from "../shared/words";
import type { Action, View } from "./view";

/** What the popup's buttons do. */
export interface PopupActs {
  run: (action: Action) => void;
  showNote: (note: Note) => void;
  decide: (note: Note, decision: Decision) => void;
  openOptions: () => void;
}

export function render(main: HTMLElement, view: View, acts: PopupActs): void {
  main.replaceChildren(
    make("h1", {}, view.heading),
    ...parts(view.sentence ? make("p", {}, view.sentence) : null),
    ...parts(view.command ? make("code", {}, view.command) : null),
    ...parts(view.notes.length ? make("ol", {}, ...view.notes.map((note) => makeNote(note, view, acts))) : null),
    make("div", { class: "actions" }, ...view.actions.map((action) => makeAction(action, acts))),
    make("p", { id: "message", role: "status" }),
    make("footer", { class: "faint" }, make("span", {}, view.footer), makeOptions(acts)),
  );
}

function parts(element: HTMLElement | null): HTMLElement[] {
  return element ? [element] : [];
}

function makeNote(note: Note, { pageId }: View, acts: PopupActs): HTMLElement {
  const show = make("button", { type: "button", class: "small" }, t("popup_note_show"));
  onTrusted(show, "click", () => acts.showNote(note));
  const decide = (decision: Decision) => acts.decide(note, decision);
  const more = note.decision === "dismissed" ? null : show;
  return makeNoteItem({ note, lang: null, remark: null, decide: pageId === null ? undefined : decide, more });
}

const LABELS = {
  pair: "popup_pair",
  allow: "popup_allow",
  "check-again": "check_again",
  "open-history": "open_history",
  pause: "popup_pause",
  resume: "popup_resume",
} as const;

const MAIN: readonly Action[] = ["pair", "allow", "resume"];

function makeAction(action: Action, acts: PopupActs): HTMLElement {
  const main = MAIN.includes(action) ? "main" : null;
  const button = make("button", { type: "button", class: main, "data-action": action }, t(LABELS[action]));
  onTrusted(button, "click", () => acts.run(action));
  return button;
}

function makeOptions(acts: PopupActs): HTMLElement {
  const button = make("button", { type: "button", class: "link" }, t("open_options"));
  onTrusted(button, "click", acts.openOptions);
  return button;
}
