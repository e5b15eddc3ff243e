import { el } from "./dom";
import type { Link } from "./link";
import { act, percent, type Titles } from "./titles";
import type { Picked, State, Verdict } from "./words";

const VERDICTS: Record<string, string> = {
  candidate: "understood",
  again: "asked to say it again",
  too_late: "too late",
  nothing_open: "nothing was open for it",
  own_voice: "a line of the show",
  unlikely: "not meant for the show",
  opened: "opened a hidden plot",
};
const DIRECTED = new Set(["director", "undo"]); // forced and undone
const NEAR = 120; // frames between being understood, or a director's decision, and the pick of it
const SHOWN = 4;

interface Row {
  text: string;
  what: string;
  sure: string;
  kind: "waits" | "picked" | "missed";
}

/** What the audience said and showed, and the result. */
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

/** Newest first: picks that wait, picks, and speech or gestures without a pick. Each once. */
export function acts(state: State, titles: Titles): Row[] {
  const picks = (state.picks ?? []).filter(isOfAudience);
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

/** Commands of directors are listed under Health. */
function isOfAudience({ trigger, role }: Picked): boolean {
  return !DIRECTED.has(trigger) && role !== "director";
}

/** Whether what was understood is already listed with its pick. */
function isTold(one: Verdict, picks: Picked[], { proposal }: State): boolean {
  if (one.verdict === "opened")
    return picks.some((pick) => pick.trigger === "marker" && near(one.frame, pick.frame));
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
  return {
    text: `“${one.said}”`,
    what: VERDICTS[one.verdict] ?? one.verdict,
    sure: one.option ? `${titles.option(one.option)} ${percent(1 - one.distance)}` : "",
    kind: one.verdict === "opened" ? "picked" : "missed",
  };
}
