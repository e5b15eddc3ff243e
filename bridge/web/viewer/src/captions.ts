import { el, plain, say } from "../../src/dom";
import type { Caption, State } from "./protocol";
import { soundCaption } from "./sound";
import { Lines } from "./lines";
import { lasting, word } from "./words";

/** The languages that captions are shown in: one, or two. */
export type Languages = readonly string[];

/** A text in a language, or in another one where it has none. */
export function inLanguage(texts: Record<string, string>, language: string): [string, string] {
  const text = texts[language];
  if (text) return [language, text];
  const [other] = Object.entries(texts);
  return other ?? [language, ""];
}

/** The texts for the languages; a language that has none brings no second copy of another one. */
export function inLanguages(texts: Record<string, string>, languages: Languages): [string, string][] {
  const found = new Map<string, string>();
  for (const language of languages) {
    const [used, text] = inLanguage(texts, language);
    if (text) found.set(used, text);
  }
  return [...found];
}

/** A speaker's name in a language. */
export function speakerName(state: Partial<State>, caption: Caption, language: string): string {
  if (!caption.speaker) return "";
  const names = state.names?.[caption.speaker] ?? {};
  return inLanguage(names, language)[1] || plain(caption.speaker);
}

const WIDEST = 34; // heights of the letters: a longer line is hard to read

/** Lines and sounds of now, as text. A screen reader reads each once. */
export class Captions {
  readonly root = el("div", { class: "captions", role: "log", "aria-live": "polite" });
  private readonly lines = el("div", { class: "lines" });
  private readonly heard = el("p", { class: "heard-sounds" });
  private readonly laid = new Lines(this.root, (element) =>
    Math.min(this.root.clientWidth, WIDEST * parseFloat(getComputedStyle(element).fontSize)));
  private shown = "";

  constructor() {
    this.root.append(this.lines, this.heard);
    lasting(() => this.root.setAttribute("aria-label", word("captions")));
  }

  show(state: Partial<State>, languages: Languages, withSounds: boolean): void {
    const captions = state.captions ?? [];
    const key = JSON.stringify([captions.map((one) => one.line), languages]);
    if (key !== this.shown) {
      this.shown = key;
      this.lines.replaceChildren(...captions.map((one) => line(state, one, languages)));
      this.laid.show([...this.lines.querySelectorAll<HTMLElement>(".text")].map((element) => ({
        element, text: element.textContent ?? "", language: element.lang,
      })));
    }
    const sounds = withSounds ? (state.sounds ?? []).map(soundCaption).filter(Boolean) : [];
    say(this.heard, [...new Set(sounds)].join(" "));
  }

  /** The size of letters has changed. */
  again(): void {
    this.laid.again();
  }
}

function line(state: Partial<State>, caption: Caption, languages: Languages): HTMLElement {
  const name = speakerName(state, caption, languages[0] ?? "");
  const texts = inLanguages(caption.texts, languages).map(([language, text], index) =>
    el("span", { lang: language, dir: "auto", class: index ? "text second" : "text" }, text),
  );
  return el("p", { class: "line" }, name ? el("b", { dir: "auto" }, name) : undefined, ...texts);
}
