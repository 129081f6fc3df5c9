import { expect, test } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { language, plural } from "../../src/shared/words";

test("in a browser whose language they are not translated to, the words are English in every way", () => {
  Object.assign(fakeBrowser.i18n, { getUILanguage: () => "lt" });
  expect(language()).toBe("en");
  expect(plural("badge_undisclosed", 21, 21)).toBe("21 AI notes");
});
