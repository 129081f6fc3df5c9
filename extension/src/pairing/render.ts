import { make, onTrusted } from "../shared/elements";
import { makeShortcuts, type Shortcut } from "../shared/shortcuts";
import { t } from "../shared/words";

/** The parts of the pairing page that change. */
export interface PairingForm {
  code: HTMLInputElement;
  port: HTMLInputElement;
  submit: HTMLButtonElement;
  message: HTMLElement;
}

export function renderSteps(main: HTMLElement, onSubmit: (form: PairingForm) => void): PairingForm {
  const parts = makeParts();
  const form = makeForm(parts);
  onTrusted(form, "submit", (event) => {
    event.preventDefault();
    onSubmit(parts);
  });
  main.replaceChildren(
    make("h1", {}, t("pairing_title")),
    make("p", {}, t("pairing_intro")),
    make(
      "ol",
      {},
      make("li", {}, t("pairing_step_1"), make("code", {}, "telltale run")),
      make("li", {}, t("pairing_step_2"), make("code", {}, "telltale pair --open")),
      make("li", {}, t("pairing_step_3"), form, parts.message),
    ),
  );
  return parts;
}

function makeParts(): PairingForm {
  const typed = { type: "text", autocomplete: "off", spellcheck: "false" };
  return {
    code: make("input", { ...typed, id: "code", placeholder: "K7QM-3XWP", maxlength: "12", autofocus: true }),
    port: make("input", { ...typed, id: "port", placeholder: "8355", inputmode: "numeric" }),
    submit: make("button", { type: "submit", class: "main" }, t("pairing_submit")),
    message: make("p", { id: "message", role: "status" }),
  };
}

function makeForm({ code, port, submit }: PairingForm): HTMLFormElement {
  return make(
    "form",
    {},
    make("label", {}, t("pairing_code"), code),
    submit,
    make("details", {}, make("summary", {}, t("pairing_port_summary")), make("label", {}, t("pairing_port"), port)),
  );
}

export interface DoneActs {
  openHistory: () => void;
  openSample: () => void;
}

/** The end of pairing, with what to look out for and the keys that help. */
export function renderDone(main: HTMLElement, keys: readonly Shortcut[], acts: DoneActs): void {
  const sample = make("button", { type: "button", class: "main" }, t("open_sample"));
  const history = make("button", { type: "button" }, t("open_history"));
  onTrusted(sample, "click", acts.openSample);
  onTrusted(history, "click", acts.openHistory);
  const note = make("span", { class: "underlined" }, t("pairing_sample_note"));
  const heading = make("h1", { tabindex: "-1" }, t("pairing_done"));
  main.replaceChildren(
    heading,
    make("p", {}, t("pairing_sample_intro")),
    make("figure", {}, make("p", {}, t("pairing_sample_before")), make("p", {}, note)),
    make("div", { class: "actions" }, sample, history),
    make("h2", {}, t("options_keys")),
    makeShortcuts(keys),
    make("p", {}, t("pairing_done_next")),
  );
  heading.focus();
}
