import { beforeEach } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import messages from "../public/_locales/en/messages.json";

/** The fake browser has no messages of its own: it is given the English ones, so that tests read what people read. */
function getMessage(key: string, parts: string[] = []): string {
  const message = (messages as Record<string, { message: string }>)[key]?.message ?? "";
  return message.replace(/\$([1-9])/g, (_, index) => parts[Number(index) - 1] ?? "");
}

beforeEach(() => {
  fakeBrowser.reset();
  Object.assign(fakeBrowser.i18n, { getMessage, getUILanguage: () => "en-US" });
  Object.assign(fakeBrowser.permissions, { contains: async () => true });
});
