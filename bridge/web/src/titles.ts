import { plain, titled } from "./dom";
import type { Sheet, State, Way } from "./words";

/** The names of a show for people: a title instead of an id, if there is one. */
export class Titles {
  private readonly options = new Map<string, string>();

  private readonly language: string;

  constructor(readonly sheet: Sheet) {
    this.language = sheet.languages[0] ?? "";
    for (const way of sheet.beats.flatMap((beat) => beat.ways)) {
      const text = way.texts[this.language];
      if (text) this.options.set(way.name, text);
    }
  }

  option(id: string, beat?: string): string {
    const here = this.ways(beat).find((way) => way.name === id)?.texts[this.language];
    return here ?? this.options.get(id) ?? titled(id);
  }

  ways(beat: string | undefined): Way[] {
    return this.beat(beat)?.ways ?? [];
  }

  isTimed(beat: string | undefined): boolean {
    return this.beat(beat)?.timed ?? false;
  }

  /** The beat that a path leads to, and the ending if only one can follow. */
  to(beat: string): string {
    const end = this.endOf(beat);
    return `→ ${titled(beat)}${end ? `, the end: “${end}”` : ""}`;
  }

  /** The ending of a state, by its title. */
  ending(state: State): string {
    return state.ending ? this.beat(state.beat)?.ending || titled(state.ending) : "";
  }

  /** The beat that an option leads to. */
  after(beat: string | undefined, option: string): string | undefined {
    return this.ways(beat).find((way) => way.name === option)?.to;
  }

  private beat(id: string | undefined) {
    return this.sheet.beats.find((one) => one.id === id);
  }

  /** The ending of a beat, or the only ending that can follow it; undefined if several can. */
  endOf(id: string | undefined): string {
    const passed = new Set<string>();
    for (let at = this.beat(id); at && !passed.has(at.id); ) {
      if (at.ending) return at.ending;
      passed.add(at.id);
      const onward = new Set(at.ways.filter((way) => way.how !== "hidden").map((way) => way.to));
      const [only] = onward;
      at = onward.size === 1 ? this.beat(only) : undefined;
    }
    return "";
  }
}

/** The trigger of a pick as text. */
export function act(trigger: string, said: string): string {
  if (trigger === "voice") return `“${said}”`;
  if (trigger === "timeout") return "No answer";
  if (trigger === "else") return "No option was available";
  if (trigger === "button") return "Pressed";
  return titled(said || trigger);
}

/** A trigger as text in the middle of a sentence. */
export function means(trigger: string, said: string): string {
  if (trigger === "voice") return `said “${said}”`;
  return trigger === "button" ? "pressed" : plain(said || trigger);
}

export function percent(ratio: number): string {
  return `${Math.round(Math.max(0, ratio) * 100)} %`;
}
