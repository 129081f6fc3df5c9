import { beforeEach, expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { listenToCommands, listenToMenu } from "../../src/background/commands";

type Listener = (...parts: never[]) => void;

let command: Listener;
let click: Listener;
const send = vi.fn(async () => null);

beforeEach(() => {
  send.mockClear();
  Object.assign(fakeBrowser, {
    commands: { onCommand: { addListener: (listener: Listener) => (command = listener) } },
    contextMenus: { onClicked: { addListener: (listener: Listener) => (click = listener) } },
  });
  Object.assign(fakeBrowser.tabs, { sendMessage: send, query: async () => [{ id: 9 }] });
  listenToCommands();
  listenToMenu();
});

const TOP = { frameId: 0 };

test.each(["toggle-popover", "next-note", "check-selection"])("the key for %s asks the page in front", async (name) => {
  command(...([name, { id: 7 }] as never[]));
  await vi.waitFor(() => expect(send).toHaveBeenCalledWith(7, { kind: name }, TOP));
});

test("where the browser names no tab, the one in front is asked", async () => {
  command(...(["next-note"] as never[]));
  await vi.waitFor(() => expect(send).toHaveBeenCalledWith(9, { kind: "next-note" }, TOP));
});

test("a selection in the page is read by its script, one in a frame is told by the browser", async () => {
  click(...([{ menuItemId: "check-selection", selectionText: "A", frameId: 0 }, { id: 7 }] as never[]));
  expect(send).toHaveBeenLastCalledWith(7, { kind: "check-selection" }, TOP);
  click(...([{ menuItemId: "check-selection", selectionText: "A", frameId: 3 }, { id: 7 }] as never[]));
  expect(send).toHaveBeenLastCalledWith(7, { kind: "check-selection", text: "A" }, TOP);
});

test("other menus and unknown commands ask nothing", () => {
  click(...([{ menuItemId: "other" }, { id: 7 }] as never[]));
  command(...(["other", { id: 7 }] as never[]));
  expect(send).not.toHaveBeenCalled();
});
