/** Elements in one call. Text is always text: nothing here parses markup. */

type Properties = Record<string, string | boolean | null>;
type Child = Node | string | null;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

function set(element: Element, name: string, value: string | boolean | null): void {
  if (value === null || value === false) return;
  element.setAttribute(name, value === true ? "" : value);
}

/** Acts only on what a person did: a page's script can send clicks and keys of its own to what stands in it. */
export function onTrusted<K extends keyof HTMLElementEventMap>(
  target: EventTarget,
  type: K,
  act: (event: HTMLElementEventMap[K]) => void,
): void {
  target.addEventListener(type, (event) => {
    if (event.isTrusted) act(event as HTMLElementEventMap[K]);
  });
}
