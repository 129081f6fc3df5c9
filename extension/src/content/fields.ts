/**
 * A form answers with its fields before it answers for itself: with `<select name="matches">` in it, `form.matches` is
 * that field, in Chromium's content scripts, too.
 */

/** The element past its fields, to ask it something; it is not to be handed on as the element. */
export function pastFields(element: Element): Element {
  if (!(element instanceof HTMLFormElement)) return element;
  return new Proxy(HTMLFormElement.prototype, { get: (own, name) => bound(Reflect.get(own, name, element), element) });
}

function bound(value: unknown, to: Element): unknown {
  return typeof value === "function" ? value.bind(to) : value;
}
