import { el, mark, plain, say } from "../../src/dom";
import { inLanguages, type Languages } from "./captions";
import type { ChoiceNow, OptionNow, State, Tap } from "./protocol";
import { Lines } from "./lines";
import { lasting, word } from "./words";

export type By = Tap["by"];
/** How a pick stands: waits for a connection or an answer, or is recorded. */
export type Picked = { option: string; how: "waits" | "sent" | "recorded" };

/** Seconds left of a choice; undefined where it has no time limit. */
export function secondsLeft(choice: ChoiceNow, seconds: number): number | undefined {
  return choice.closes_at === null ? undefined : Math.max(0, choice.closes_at - seconds);
}

/** What besides a press picks an option, for people. */
export function hint(option: OptionNow): string {
  const say = option.say[0] ? word("sayIt", option.say[0]) : "";
  const show = option.show ? word("showIt", plain(option.show)) : "";
  return [say, show].filter(Boolean).join(word("or"));
}

/** The votes for an option, for people: `3 of 5 votes`; "" where nobody votes on it. */
export function votes(option: OptionNow, state: Partial<State>): string {
  const { tally, choice } = state;
  const count = tally?.counts[option.id];
  if (!tally || count === undefined || tally.choice !== choice?.id) return "";
  const all = Object.values(tally.counts).reduce((sum, one) => sum + one, 0);
  return word(all === 1 ? "oneVote" : "votes", count, all);
}

/** The options of the open choice: buttons, with the time that is left as a length and a number. */
export class Options {
  readonly root = el("section", { class: "choice" });
  onPick: (option: OptionNow, by: By) => void = () => {};
  private readonly list = el("div", { class: "options", role: "group" });
  private readonly bar = el("span", { class: "left", "aria-hidden": "true" });
  private readonly number = el("span", { class: "number" });
  private readonly timer = el("div", { class: "timer", role: "timer", "aria-live": "off" }, el("span", { class: "whole", "aria-hidden": "true" }, this.bar), this.number);
  private readonly spoken = el("p", { class: "unseen", role: "status" });
  private readonly laid = new Lines(this.root, (element) => element.clientWidth);
  private buttons = new Map<string, HTMLButtonElement>();
  private shown = "";
  private languages: Languages = [];
  private choice: ChoiceNow | undefined;
  private whole = 0;
  private picked: Picked | undefined;
  private scanned = -1;
  private scanning: ReturnType<typeof setInterval> | undefined;
  private warned = false;

  constructor() {
    this.root.append(this.timer, this.list, this.spoken);
    this.root.hidden = true;
    lasting(() => {
      this.root.setAttribute("aria-label", word("choice"));
      this.list.setAttribute("aria-label", word("options"));
    });
  }

  get isOpen(): boolean {
    return this.choice !== undefined && this.choice.phase === "open";
  }

  get current(): ChoiceNow | undefined {
    return this.choice;
  }

  show(state: Partial<State>, languages: Languages, seconds: number): void {
    const choice = state.choice ?? undefined;
    const isNew = choice?.id !== this.choice?.id;
    this.choice = choice;
    this.languages = languages;
    this.root.hidden = !choice;
    if (isNew) {
      this.picked = undefined;
      this.warned = false;
      this.scanned = -1;
    }
    if (!choice) {
      this.shown = "";
      say(this.spoken, "");
      return;
    }
    const key = JSON.stringify([choice.id, choice.options, languages]);
    if (key !== this.shown) this.build(choice, languages, key);
    if (isNew) this.announce(choice, languages, seconds);
    const left = secondsLeft(choice, seconds);
    const share = state.left ?? 0;
    if (isNew || !this.whole) this.whole = left !== undefined && share > 0.02 ? left / share : (left ?? 0);
    for (const option of choice.options) this.dress(option, choice, state);
    this.tick(seconds);
  }

  /** Show the time that is left. */
  tick(seconds: number): void {
    const { choice } = this;
    if (!choice) return;
    const left = secondsLeft(choice, seconds);
    this.timer.hidden = left === undefined || choice.phase === "picked";
    if (left === undefined) return;
    this.bar.style.transform = `scaleX(${this.whole ? Math.min(1, left / this.whole) : 0})`;
    say(this.number, `${Math.ceil(left)} s`);
    mark(this.timer, "soon", left < 4);
    if (left < 5 && left > 0 && choice.phase === "open" && !this.warned) {
      this.warned = true;
      say(this.spoken, word("secondsLeft", Math.ceil(left)));
    }
  }

  /** The size of letters or buttons has changed. */
  again(): void {
    this.laid.again();
  }

  mark(picked: Picked | undefined): void {
    this.picked = picked;
    const option = this.choice?.options.find((one) => one.id === picked?.option);
    if (option && picked?.how === "recorded") say(this.spoken, word(option.on.includes("vote") ? "voted" : "picked", inLanguages(option.texts, this.languages.slice(0, 1))[0]?.[1] ?? option.id));
    for (const [id, button] of this.buttons) {
      const how = picked?.option === id ? picked.how : "";
      button.dataset["pick"] = how;
      button.setAttribute("aria-pressed", String(Boolean(how)));
    }
  }

  /** Pick by number, as on a keyboard. */
  pickNumber(number: number): boolean {
    const option = this.choice?.options[number - 1];
    if (!option || !this.isOpen) return false;
    this.onPick(option, "key");
    return true;
  }

  /** Highlight one option after the other, `seconds` each, for a single switch; 0 stops it. */
  scan(seconds: number): void {
    clearInterval(this.scanning);
    this.scanning = undefined;
    this.highlight(-1);
    if (seconds <= 0) return;
    this.scanning = setInterval(() => {
      const count = this.choice?.options.length ?? 0;
      if (this.isOpen && count) this.highlight((this.scanned + 1) % count);
    }, seconds * 1000);
  }

  get isScanning(): boolean {
    return this.scanning !== undefined && this.isOpen;
  }

  /** The switch was pressed. */
  pickScanned(): boolean {
    const option = this.choice?.options[this.scanned];
    if (!option || !this.isOpen) return false;
    this.onPick(option, "switch");
    return true;
  }

  private highlight(index: number): void {
    this.scanned = index;
    [...this.buttons.values()].forEach((button, at) => {
      mark(button, "scanned", at === index);
      if (at === index) button.focus();
    });
  }

  private announce(choice: ChoiceNow, languages: Languages, seconds: number): void {
    const names = choice.options.map((one, at) => `${at + 1}: ${inLanguages(one.texts, languages.slice(0, 1))[0]?.[1] ?? one.id}`);
    const left = secondsLeft(choice, seconds);
    const time = left === undefined ? "" : ` ${word("seconds", Math.ceil(left))}`;
    say(this.spoken, `${word("choose")} ${names.join(". ")}.${time}`);
  }

  private build(choice: ChoiceNow, languages: Languages, key: string): void {
    this.shown = key;
    const focused = [...this.buttons].find(([, button]) => button === document.activeElement)?.[0];
    this.buttons = new Map(choice.options.map((option, at) => [option.id, this.button(option, at, languages)]));
    this.list.replaceChildren(...this.buttons.values());
    this.list.dataset["count"] = String(choice.options.length);
    this.laid.show([...this.list.querySelectorAll<HTMLElement>(".text")].map((element) => ({
      element, text: element.textContent ?? "", language: element.lang,
    })));
    if (focused) this.buttons.get(focused)?.focus();
    this.mark(this.picked);
  }

  private button(option: OptionNow, at: number, languages: Languages): HTMLButtonElement {
    const texts = inLanguages(option.texts, languages).map(([language, text], index) =>
      el("span", { lang: language, dir: "auto", class: index ? "text second" : "text" }, text),
    );
    const other = hint(option);
    const button = el(
      "button",
      { class: "option", type: "button", "data-option": option.id, "aria-pressed": "false" },
      el("span", { class: "digit", "aria-hidden": "true" }, String(at + 1)),
      el("span", { class: "texts" }, ...texts, other ? el("span", { class: "hint" }, other) : undefined),
      option.on.includes("vote") ? el("span", { class: "votes" }) : undefined,
      el("span", { class: "progress", "aria-hidden": "true" }),
    );
    button.addEventListener("click", (event) => this.onPick(option, event.detail === 0 ? "key" : "tap"));
    return button;
  }

  private dress(option: OptionNow, choice: ChoiceNow, state: Partial<State>): void {
    const button = this.buttons.get(option.id);
    if (!button) return;
    // A disabled button loses the focus, which a keyboard or a switch then has to find again.
    button.setAttribute("aria-disabled", String(choice.phase !== "open"));
    mark(button, "heard", state.heard === option.id);
    const counted = button.querySelector<HTMLElement>(".votes");
    const text = votes(option, state);
    if (counted && counted.textContent !== text) counted.textContent = text;
    const progress = button.querySelector<HTMLElement>(".progress");
    if (progress) progress.style.transform = `scaleX(${state.progress?.[option.id] ?? 0})`;
  }
}
