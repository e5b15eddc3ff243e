import { el } from "./dom";
import type { Link } from "./link";
import { act, percent, type Titles } from "./titles";
import type { Picked, State, Verdict } from "./words";

const VERDICTS: Record<string, string> = {
  candidate: "understood",
  again: "asked to say it again",
  too_late: "too late",
  nothing_open: "nothing was open",
  own_voice: "our own voice",
  unlikely: "not meant for us",
};
const HAND_OF_DIRECTOR = new Set(["director", "undo"]);
const NEAR = 120; // frames between being understood, or a director's word, and the pick of it
const SHOWN = 4;

interface Row {
  text: string;
  what: string;
  sure: string;
  kind: "waits" | "picked" | "missed";
}

/** What the audience said and showed, and what came of it. */
export function heard(link: Link, titles: Titles): HTMLElement {
  const list = el("ul", { class: "heard" });
  const none = el("p", { class: "quiet" }, "Nothing yet.");
  link.watch((state, changed) => {
    if (!["heard", "picks", "proposal", "doings"].some((name) => changed.has(name))) return;
    const rows = acts(state, titles).slice(0, SHOWN);
    none.hidden = rows.length > 0;
    list.replaceChildren(
      ...rows.map(({ text, what, sure, kind }) =>
        el(
          "li",
          { class: kind },
          el("span", { class: "said" }, text),
          el("span", { class: "what" }, what),
          el("span", { class: "sure" }, sure),
        ),
      ),
    );
  });
  return el("div", { class: "card acts" }, el("h3", {}, "Heard and seen"), none, list);
}

/** The newest first: what waits for a word, picks, and what did not pick. Each act once. */
export function acts(state: State, titles: Titles): Row[] {
  const picks = (state.picks ?? []).filter((pick) => isOfAudience(pick, state));
  const verdicts = (state.heard ?? []).filter((one) => !isTold(one, picks, state));
  const rows = [
    ...picks.map((pick) => ({ frame: pick.frame, row: picked(pick, titles) })),
    ...verdicts.map((one) => ({ frame: one.frame, row: judged(one, titles) })),
  ];
  const { proposal } = state;
  const waiting: Row[] = proposal
    ? [
        {
          text: act(proposal.trigger, proposal.said),
          what: `waits for you: ${titles.option(proposal.option, state.beat)}`,
          sure: percent(proposal.confidence),
          kind: "waits",
        },
      ]
    : [];
  return [...waiting, ...rows.sort((a, b) => b.frame - a.frame).map(({ row }) => row)];
}

/** A director's own doings stand under Health. */
function isOfAudience(pick: Picked, state: State): boolean {
  if (HAND_OF_DIRECTOR.has(pick.trigger)) return false;
  const pressed = (state.doings ?? []).some(
    (one) => one.do === "pick" && one.option === pick.option && near(one.n, pick.frame),
  );
  return !(pick.trigger === "button" && pressed);
}

/** Whether what was understood is told already, by the pick that came of it. */
function isTold(one: Verdict, picks: Picked[], { proposal }: State): boolean {
  if (one.verdict !== "candidate") return false;
  if (proposal?.said === one.said && proposal.option === one.option) return true;
  return picks.some(
    (pick) => pick.said === one.said && pick.option === one.option && near(one.frame, pick.frame),
  );
}

function near(before: number, after: number): boolean {
  return Math.abs(after - before) <= NEAR;
}

function picked(pick: Picked, titles: Titles): Row {
  const named = pick.option && pick.option !== "else" ? `${titles.option(pick.option, pick.beat)} ` : "";
  return {
    text: act(pick.trigger, pick.said),
    what: named ? `${named}${titles.to(pick.to)}` : titles.to(pick.to).slice(2),
    sure: pick.said ? `${percent(pick.confidence)} in ${pick.latency_ms} ms` : "",
    kind: "picked",
  };
}

function judged(one: Verdict, titles: Titles): Row {
  const byDirector = one.source.startsWith("director");
  return {
    text: byDirector ? `The director: ${one.said}` : `“${one.said}”`,
    what: byDirector ? "could not be done" : (VERDICTS[one.verdict] ?? one.verdict),
    sure: one.option ? `${titles.option(one.option)} ${percent(1 - one.distance)}` : "",
    kind: "missed",
  };
}
