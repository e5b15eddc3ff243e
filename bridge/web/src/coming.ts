import { both, el, mark, plain, say, svg, titled } from "./dom";
import { may } from "./commands";
import type { Link } from "./link";
import type { Titles } from "./titles";
import type { Greeting, Option, State, Tally, Way } from "./words";

const ROUND = 2 * Math.PI * 20;
const SOON = 0.3;

interface Row {
  id: string;
  box: HTMLElement;
  button?: HTMLButtonElement;
  bar?: HTMLElement;
}

/** Every path out of the beat, and the beat that each leads to. */
export function coming(link: Link, { sheet, role }: Greeting, titles: Titles): HTMLElement {
  const ring = svg("circle", { cx: 24, cy: 24, r: 20, class: "left", "stroke-dasharray": ROUND });
  const dial = svg(
    "svg",
    { viewBox: "0 0 48 48", class: "dial off", "aria-hidden": "true" },
    svg("circle", { cx: 24, cy: 24, r: 20, class: "whole" }),
    ring,
  );
  const time = el("span", { class: "time" });
  const hearing = el("span", { class: "hearing off" }, "someone is speaking");
  const tally = el("p", { class: "quiet votes" });
  tally.hidden = true;
  const list = el("ol", { class: "options" });
  const none = el("p", { class: "quiet" }, "Shown after the first frame.");
  const pick = (option: string) => void link.ask({ do: "pick", option });
  let rows: Row[] = [];

  const build = (state: State) => {
    const open = state.choice?.options ?? [];
    const others = titles.ways(state.beat).filter((way) => !open.length || way.how !== "option");
    rows = [
      ...open.map((one) => offered(one, sheet.languages, titles.after(state.beat, one.id), titles, pick)),
      ...others.map((way) => pathRow(way, titles.isTimed(state.beat), sheet.languages, titles)),
    ];
    list.replaceChildren(...rows.map(({ box }) => box));
    const end = titles.endOf(state.beat);
    say(none, end ? `The end: “${end}”.` : "Returns to the interrupted beat.");
    none.hidden = rows.length > 0;
  };
  link.watch((state, changed) => {
    // During a panic nothing is offered; the last options stay visible and are offered again later.
    const kept = state.panic && rows.length > 0 && !changed.has("beat");
    if (["choice", "beat", "ending", "panic"].some((name) => changed.has(name)) && !kept) build(state);
    const timed = state.left !== undefined && Boolean(state.choice);
    mark(dial, "off", !timed);
    if (timed) ring.setAttribute("stroke-dashoffset", String(ROUND * (1 - (state.left ?? 0))));
    mark(dial, "soon", timed && (state.left ?? 1) < SOON);
    say(time, countdown(state));
    mark(hearing, "off", !state.hearing);
    say(tally, votes(state.tally));
    tally.hidden = !state.tally;
    for (const { id, box, bar, button } of rows) {
      if (bar) bar.style.transform = `scaleX(${state.progress?.[id] ?? 0})`;
      if (button) button.disabled = !may(role, { do: "pick", option: id }) || Boolean(state.panic) || link.isCutOff;
      mark(box, "candidate", state.candidate === id || state.proposal?.option === id);
    }
    mark(list, "dimmed", Boolean(state.panic));
  });
  const head = el("div", { class: "head" }, el("h3", {}, "What comes next"), hearing, time, dial);
  return el("div", { class: "card choice" }, head, tally, none, list);
}

/** The votes in a sentence. */
function votes(tally: Tally | undefined): string {
  if (!tally) return "";
  const counts = Object.entries(tally.counts).map(([option, count]) => `${plain(option)} ${count}`).join(", ");
  const least = tally.quorum ? `, ${tally.quorum} needed` : "";
  const refused = tally.refused ? `, ${tally.refused} did not count` : "";
  const result = tally.phase === "decided" ? `. Result: ${plain(tally.result)}` : "";
  return `Votes: ${counts} (${tally.voters} of ${tally.joined} viewers${least}${refused})${result}`;
}

/** Seconds that are left to choose. */
function countdown(state: State): string {
  if (state.panic || !state.choice || state.left === undefined) return "";
  if (state.held) return "waits";
  return state.seconds === undefined ? "" : `${state.seconds.toFixed(1)} s`;
}

function offered(
  option: Option,
  languages: string[],
  to: string | undefined,
  titles: Titles,
  pick: (option: string) => void,
): Row {
  const bar = el("i", { class: "progress", "aria-hidden": "true" });
  const how = [
    option.say.length ? `say “${option.say[0]}”` : "",
    option.show ? `show ${plain(option.show)}` : "",
  ].filter(Boolean);
  const button = el(
    "button",
    { class: "option", "data-option": option.id, onclick: () => pick(option.id) },
    el("kbd", { "aria-hidden": "true" }, String(option.number)),
    el("span", { class: "texts" }, ...both(option.texts, languages)),
    el("span", { class: "to" }, to ? titles.to(to) : ""),
    el("span", { class: "how" }, how.join(" or ")),
    bar,
  );
  return { id: option.id, box: el("li", {}, button), button, bar };
}

/** A path that cannot be pressed now: an option that is not open, silence, or the next beat. */
function pathRow(way: Way, timed: boolean, languages: string[], titles: Titles): Row {
  const what = {
    option: both(way.texts, languages),
    else: [timed ? "says nothing" : "nothing can be chosen"],
    next: ["then"],
    hidden: [`finds ${titled(way.name).toLowerCase()}`],
  }[way.how];
  const texts = el("span", { class: "texts" }, ...what);
  const to = el("span", { class: "to" }, titles.to(way.to));
  return { id: way.name, box: el("li", { class: "way", "data-how": way.how }, texts, to) };
}
