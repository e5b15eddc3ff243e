import { el, mark, say } from "./dom";
import type { Link, Standing } from "./link";
import type { Titles } from "./titles";
import type { Greeting, State } from "./words";

const MOST = 3;

/** Across the page, under its head: panic, what is wrong, what is over. */
export function strip(link: Link, { role }: Greeting, titles: Titles): HTMLElement {
  const back = role === "director" ? "BACK, then YES, BACK (or P twice) returns to the show." : "The director returns to the show.";
  const safe = el("strong");
  const panic = el("div", { class: "banner", role: "alert" }, safe, el("span", {}, back));
  const standing = el("p", { class: "standing-text", role: "status" });
  const alarms = el("ul", { class: "alarms", role: "alert" });
  const box = el("section", { class: "strip", "aria-label": "Alarms" }, panic, standing, alarms);
  const show = () => {
    const { state } = link;
    panic.hidden = !state.panic || isOver(link.standing);
    if (!panic.hidden) say(safe, `PANIC: safe picture on every wall, ${waiting(state)}`);
    mark(document.body, "panicking", !panic.hidden);
    const text = standingText(link.standing, state, titles);
    say(standing, text);
    standing.hidden = !text;
    mark(standing, "over", isOver(link.standing));
  };
  link.onStand(show);
  link.watch((state, changed) => {
    show();
    if (!changed.has("alarms") && !changed.has("fate")) return;
    const all = state.fate ? [] : (state.alarms ?? []);
    const more = all.length > MOST ? [el("li", {}, `and ${all.length - MOST} more`)] : [];
    alarms.replaceChildren(...all.slice(0, MOST).map((one) => el("li", {}, one.text)), ...more);
  });
  show();
  return box;
}

/** What the story does under panic: a director's own hand may have let it go on. */
export function waiting(state: State): string {
  return state.held || state.ending ? "the story waits" : "but the story plays on: HOLD it";
}

export function isOver(standing: Standing): boolean {
  return standing === "ended" || standing === "died";
}

/** What a person should know of the connection; nothing while all is well. */
export function standingText(standing: Standing, state: State, titles: Titles): string {
  const take = state.take ? ` Its take: ${state.take}` : "";
  switch (standing) {
    case "waiting":
      return "Waiting for the show: it has not shown its first frame yet.";
    case "silent":
      return "The show does not answer: what you do here is not sent.";
    case "ended": {
      const ending = titles.ending(state);
      return `${ending ? `The show has ended with “${ending}”.` : `The show was stopped, at ${state.timecode ?? "its start"}.`}${take}`;
    }
    case "died":
      return `The show broke off: its process is gone.${take ? `${take} (xrdrama run … --resume goes on from it)` : ""}`;
    default:
      return "";
  }
}
