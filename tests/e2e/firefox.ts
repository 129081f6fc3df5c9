import { join } from "node:path";
import { type Browser, launch, type Page } from "puppeteer-core";
import { onPath } from "./on-path";
import { CLEAR } from "./shadow";

/** A real Firefox with the built extension as a temporary add-on, driven by WebDriver BiDi. Needs no other program. */
export class Firefox {
  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<Firefox> {
    const browser = await launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX ?? onPath("Firefox", ["firefox-esr", "firefox"]),
      headless: true,
      // Without it the extension's own pages cannot be opened; it opens nothing to web pages.
      args: ["--remote-allow-system-access"],
      extraPrefsFirefox: PREFERENCES,
      defaultViewport: { width: 1000, height: 760 },
    });
    await browser.installExtension(EXTENSION);
    return new Firefox(browser);
  }

  async pair(port: number, code: string): Promise<void> {
    const page = await this.openOwn(`pairing.html#code=${code}&port=${port}`);
    await page.waitForFunction(() => document.querySelector("h1")?.textContent?.startsWith("Paired."));
    await page.close();
  }

  /** Has the extension look for the daemon on this port, unpaired. */
  async moveTo(port: number): Promise<void> {
    await this.inExtension((at) => browser.storage.local.set({ daemon: { port: at, token: null } }), port);
  }

  /** As the options page would store it; whatever is not named is as usual. */
  async prefer(preferences: object): Promise<void> {
    await this.inExtension((chosen) => browser.storage.local.set({ preferences: chosen }), preferences);
  }

  /** What stands on the toolbar icon of the tab with this address. */
  async toolbarText(url: string): Promise<string> {
    return this.inExtension(async (wanted) => {
      const tab = (await browser.tabs.query({})).find((one) => one.url === wanted);
      return tab?.id === undefined ? "no such tab" : browser.action.getBadgeText({ tabId: tab.id });
    }, url);
  }

  /** A message as the background sends it for a key or the context menu. */
  async tell(url: string, message: object): Promise<unknown> {
    return this.inExtension(
      async (wanted, what) => {
        const tab = (await browser.tabs.query({})).find((one) => one.url === wanted);
        return tab?.id === undefined ? null : browser.tabs.sendMessage(tab.id, what, { frameId: 0 });
      },
      url,
      message,
    );
  }

  async open(url: string): Promise<Page> {
    const page = await this.browser.newPage();
    await page.goto(url);
    return page;
  }

  /** The popup in a tab of its own, which is then the active one: it speaks of the daemon, not of a page. */
  popup(): Promise<Page> {
    return this.openOwn("popup.html");
  }

  /** What a page's content script says of it. */
  async stateOf(url: string): Promise<string | undefined> {
    return ((await this.tell(url, { kind: "ask-state" })) as { state: { kind: string } } | null)?.state.kind;
  }

  /** Whether the extension holds a token. */
  async paired(): Promise<boolean> {
    return this.inExtension(async () => !!(await browser.storage.local.get("daemon")).daemon?.token);
  }

  async closePages(): Promise<void> {
    const blank = await this.browser.newPage();
    for (const page of await this.browser.pages()) if (page !== blank) await page.close();
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  /** In a page of the extension, which may do what its background may. */
  private async inExtension<A extends unknown[], R>(act: (...given: A) => R | Promise<R>, ...given: A): Promise<R> {
    const page = await this.openOwn("options.html");
    try {
      return (await page.evaluate(act as never, ...given)) as R;
    } finally {
      await page.close();
    }
  }

  /** Firefox tells of no load of such pages, and fails what is asked on the way: what they show is waited for. */
  private async openOwn(path: string): Promise<Page> {
    const page = await this.browser.newPage();
    page.goto(`moz-extension://${UUID}/${path}`, { timeout: 0 }).catch(() => {});
    while (!(await page.$("main > *").catch(() => null)));
    return page;
  }
}

/** As much of the extension's own API as is called in its pages. */
declare const browser: {
  storage: {
    local: {
      set: (items: object) => Promise<void>;
      get: (key: string) => Promise<{ daemon?: { token: string | null } }>;
    };
  };
  tabs: {
    query: (wanted: object) => Promise<{ id?: number; url?: string }[]>;
    sendMessage: (tab: number, message: object, to: object) => Promise<unknown>;
  };
  action: { getBadgeText: (tab: { tabId: number }) => Promise<string> };
};

const EXTENSION = join(import.meta.dirname, "../../extension/.output/firefox-mv3");
/** Firefox draws a random one for each profile; the tests must know it. */
const UUID = "5b1f2d0c-6a3e-4c8f-9d27-0e4b7a916c35";
const PREFERENCES = {
  "extensions.webextensions.uuids": JSON.stringify({ "{c6374b91-46b4-45c7-91c0-49bf046fa2fe}": UUID }),
  "intl.accept_languages": "en-US",
};

/** Looks into the badge's closed shadow root through WebDriver BiDi, as `BadgeView` does in Chromium. */
export class FirefoxBadge {
  constructor(private readonly page: Page) {}

  async text(selector: string): Promise<string | null> {
    return this.call(selector, "(element) => element.innerText");
  }

  /** A click as a person makes it. */
  async click(selector: string): Promise<void> {
    const [x, y] = await this.middle(selector);
    await this.page.mouse.click(x, y);
  }

  async middle(selector: string): Promise<[x: number, y: number]> {
    const at = await this.call<[number, number]>(selector, MIDDLE);
    if (!at) throw new Error(`The badge has no '${selector}'.`);
    return at;
  }

  /** Whether it is drawn, in colours that can be told apart. */
  async isShown(selector: string): Promise<boolean> {
    return (await this.call<boolean>(selector, IS_SHOWN)) ?? false;
  }

  private async call<T = string>(selector: string, declaration: string): Promise<T | null> {
    const root = await this.root();
    if (!root) return null;
    const body = `(root) => { const element = root.querySelector(${JSON.stringify(selector)});
      return element && JSON.stringify((${declaration})(element)) }`;
    const reply = await this.send(body, [root], {});
    return reply?.value ? (JSON.parse(String(reply.value)) as T) : null;
  }

  /** The closed root: BiDi hands it out with its host, scripts of the page do not see it. */
  private async root(): Promise<{ sharedId: string } | null> {
    const find = "() => document.querySelector('telltale-badge')";
    const host = await this.send(find, [], { includeShadowTree: "all", maxDomDepth: 0 });
    const sharedId = (host?.value as { shadowRoot?: { sharedId?: string } } | undefined)?.shadowRoot?.sharedId;
    return sharedId ? { sharedId } : null;
  }

  private async send(
    functionDeclaration: string,
    args: object[],
    serializationOptions: object,
  ): Promise<Remote | null> {
    // Puppeteer has no call for this, so its own connection is used; its types hide it.
    const { connection } = this.page.browser() as unknown as { connection: Connection };
    const context = (this.page.mainFrame() as unknown as { _id: string })._id;
    const target = { context };
    const call = { functionDeclaration, arguments: args, target, awaitPromise: false, serializationOptions };
    const { result } = await connection.send("script.callFunction", call);
    return result.type === "success" ? result.result : null;
  }
}

interface Remote {
  type: string;
  value?: unknown;
}

interface Connection {
  send: (method: string, call: object) => Promise<{ result: { type: string; result: Remote } }>;
}

const IS_SHOWN = `(element) => {
  const { color, backgroundColor } = getComputedStyle(element);
  const isVisible = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return isVisible && color !== backgroundColor && ![color, backgroundColor].some((one) => ${CLEAR}.test(one));
}`;

const MIDDLE = `(element) => {
  element.scrollIntoView({ block: "nearest" });
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}`;
