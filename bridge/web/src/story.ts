import { el, mark, plain, say, svg, titled } from "./dom";
import type { Link } from "./link";
import type { Greeting, Option, State, Texts, Verdict } from "./words";

const VERDICTS: Record<string, string> = {
  candidate: "understood",
  again: "asked to say it again",
  too_late: "too late",
  nothing_open: "nothing was open",
  own_voice: "our own voice",
  unlikely: "not meant for us",
};
const ROUND = 2 * Math.PI * 20;

/** Where the story is, what may come, what was heard or seen. */
export function story(link: Link, greeting: Greeting): HTMLElement {
  const parts = [now(link, greeting), word(link), choice(link, greeting), heard(link, greeting)];
  return el("section", { class: "story", "aria-label": "The story" }, ...parts);
}

function both(texts: Texts, languages: string[]): HTMLElement[] {
  return languages
    .filter((language) => texts[language])
    .map((language) => el("span", { lang: language }, texts[language] ?? ""));
}

function now(link: Link, { sheet }: Greeting): HTMLElement {
  const beat = el("h2", { class: "beat" });
  const next = el("p", { class: "next" });
  const line = el("div", { class: "line" });
  const box = el("div", { class: "card now" }, beat, line, next);
  link.watch((state, changed) => {
    if (changed.has("beat") || changed.has("ending")) {
      say(beat, titled(state.beat ?? ""));
      const ways = sheet.beats.find((one) => one.id === state.beat)?.ways ?? [];
      const to = [...new Set(ways.map((way) => plain(way.to)))];
      say(next, state.ending ? `The end: ${plain(state.ending)}` : to.length ? `then ${to.join(", ")}` : "");
    }
    if (changed.has("captions")) {
      const captions = state.captions ?? [];
      line.replaceChildren(
        ...captions.map((caption) =>
          el(
            "p",
            {},
            el("b", {}, sheet.cast[caption.speaker]?.[sheet.languages[0] ?? ""] ?? caption.speaker),
            ...both(caption.texts, sheet.languages),
          ),
        ),
      );
    }
    mark(box, "held", Boolean(state.held));
  });
  return box;
}

function word(link: Link): HTMLElement {
  const what = el("p");
  const buttons = [true, false].map((yes) =>
    el(
      "button",
      {
        class: yes ? "yes" : "no",
        id: yes ? "yes" : "no",
        onclick: () => void link.ask({ do: "decide", yes }),
      },
      yes ? "YES" : "NO",
      el("kbd", { "aria-hidden": "true" }, yes ? "Y" : "N"),
    ),
  );
  const box = el("div", { class: "card word", role: "alert" }, what, el("div", { class: "pair" }, ...buttons));
  box.hidden = true;
  link.watch((state, changed) => {
    if (!changed.has("proposal")) return;
    box.hidden = !state.proposal;
    if (!state.proposal) return;
    const { option, trigger, said, confidence } = state.proposal;
    const by = said ? `${trigger}, “${said}”` : trigger;
    say(what, `${plain(option)} by ${by}, ${Math.round(confidence * 100)} % sure. Let it happen?`);
  });
  return box;
}

function choice(link: Link, { sheet, role }: Greeting): HTMLElement {
  const ring = svg("circle", { cx: 24, cy: 24, r: 20, class: "left", "stroke-dasharray": ROUND });
  const dial = svg(
    "svg",
    { viewBox: "0 0 48 48", class: "dial", "aria-hidden": "true" },
    svg("circle", { cx: 24, cy: 24, r: 20, class: "whole" }),
    ring,
  );
  const title = el("h3", {}, "May come");
  const hearing = el("span", { class: "hearing" }, "somebody speaks");
  const list = el("ol", { class: "options" });
  const none = el("p", { class: "quiet" }, "Nothing can be chosen now.");
  let rows: { id: string; row: HTMLElement; bar: HTMLElement }[] = [];
  link.watch((state, changed) => {
    if (changed.has("choice")) {
      rows = (state.choice?.options ?? []).map((option) => row(link, option, sheet.languages, role));
      list.replaceChildren(...rows.map((one) => one.row));
      none.hidden = rows.length > 0;
    }
    const timed = state.left !== undefined && rows.length > 0;
    dial.classList.toggle("off", !timed);
    if (timed) ring.setAttribute("stroke-dashoffset", String(ROUND * (1 - (state.left ?? 0))));
    dial.classList.toggle("soon", timed && (state.left ?? 1) < 0.3);
    hearing.classList.toggle("off", !state.hearing);
    for (const { id, row, bar } of rows) {
      bar.style.transform = `scaleX(${state.progress?.[id] ?? 0})`;
      mark(row, "candidate", state.candidate === id);
    }
  });
  return el("div", { class: "card choice" }, el("div", { class: "head" }, title, hearing, dial), none, list);
}

function row(link: Link, option: Option, languages: string[], role: string) {
  const bar = el("i", { class: "progress", "aria-hidden": "true" });
  const how = [
    option.say.length ? `say “${option.say[0]}”` : "",
    option.show ? `show ${plain(option.show)}` : "",
  ].filter(Boolean);
  const button = el(
    "button",
    {
      class: "option",
      "data-option": option.id,
      disabled: role !== "director",
      onclick: () => void link.ask({ do: "pick", option: option.id }),
    },
    el("kbd", { "aria-hidden": "true" }, String(option.number)),
    el("span", { class: "texts" }, ...both(option.texts, languages)),
    el("span", { class: "how" }, how.join(" or ")),
    bar,
  );
  return { id: option.id, row: el("li", {}, button), bar };
}

function heard(link: Link, { sheet }: Greeting): HTMLElement {
  const ways = sheet.beats.flatMap((beat) => beat.ways);
  const titles = new Map(ways.map((way) => [way.name, way.texts[sheet.languages[0] ?? ""] ?? ""]));
  const list = el("ul", { class: "heard" });
  const none = el("p", { class: "quiet" }, "Nothing yet.");
  link.watch((state, changed) => {
    if (!changed.has("heard") && !changed.has("picks")) return;
    const rows = acts(state, titles).slice(0, 4);
    none.hidden = rows.length > 0;
    list.replaceChildren(
      ...rows.map(({ text, what, sure, picked }) =>
        el(
          "li",
          { class: picked ? "picked" : undefined },
          el("span", { class: "said" }, text),
          el("span", { class: "what" }, what),
          el("span", { class: "sure" }, sure),
        ),
      ),
    );
  });
  return el("div", { class: "card" }, el("h3", {}, "Heard and seen"), none, list);
}

/** Picks and verdicts, the newest first. */
export function acts(
  state: State,
  titles: Map<string, string> = new Map(),
): { text: string; what: string; sure: string; picked: boolean }[] {
  const title = (option: string) => titles.get(option) || plain(option);
  const said = (text: string, quoted: boolean) => (quoted ? `“${text}”` : titled(text));
  const picks = (state.picks ?? []).map((pick) => ({
    frame: pick.frame,
    text: said(pick.said || pick.trigger, pick.trigger === "voice"),
    what: `picked ${pick.option && pick.option !== "else" ? title(pick.option) : plain(pick.to)}`,
    sure: pick.said ? `${percent(pick.confidence)} in ${pick.latency_ms} ms` : "",
    picked: true,
  }));
  const verdicts = (state.heard ?? []).map((one: Verdict) => ({
    frame: one.frame,
    text: said(one.said, one.source !== "director"),
    what: VERDICTS[one.verdict] ?? one.verdict,
    sure: one.option ? `${title(one.option)} ${percent(1 - one.distance)}` : "",
    picked: false,
  }));
  return [...picks, ...verdicts].sort((a, b) => b.frame - a.frame);
}

function percent(ratio: number): string {
  return `${Math.round(Math.max(0, ratio) * 100)} %`;
}
