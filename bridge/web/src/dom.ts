import type { Texts } from "./words";

type Attributes = Record<string, string | number | boolean | EventListener | undefined>;
type Child = Node | string | undefined;

/** An element: attributes, `on...` listeners, children. Texts are texts, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return dressed(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dressed<T extends Element>(made: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Set a text only where it changes, so that nothing flickers and no reader repeats itself. */
export function say(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function mark(node: Element, name: string, on: boolean): void {
  node.classList.toggle(name, on);
}

/** `lantern_glow` as people read it. */
export function plain(id: string): string {
  return id.replaceAll("_", " ");
}

/** The same as a title. */
export function titled(id: string): string {
  return id.charAt(0).toUpperCase() + plain(id.slice(1));
}

/** Seconds as people count them on a set: `0:34`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A text in each of the show's languages that it is there in. */
export function both(texts: Texts, languages: string[]): HTMLElement[] {
  return languages
    .filter((language) => texts[language])
    .map((language) => el("span", { lang: language, dir: "auto" }, texts[language] ?? ""));
}
