import { both, el, mark, say, titled } from "./dom";
import { may } from "./commands";
import type { Link } from "./link";
import { means, percent, type Titles } from "./titles";
import type { Greeting, Proposal } from "./words";

/** The current beat and the line that is spoken. */
export function now(link: Link, { sheet }: Greeting, titles: Titles): HTMLElement {
  const beat = el("h2", { class: "beat" }, "The show has not begun");
  const end = el("p", { class: "end" });
  const line = el("div", { class: "line" });
  const box = el("div", { class: "card now" }, beat, end, line);
  end.hidden = true;
  link.watch((state, changed) => {
    if (state.beat && (changed.has("beat") || changed.has("ending"))) {
      say(beat, titled(state.beat));
      say(end, `The end: “${titles.ending(state)}”`);
      end.hidden = !state.ending;
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

/** The pick that waits for an answer, with the buttons YES and NO. */
export function word(link: Link, { role }: Greeting, titles: Titles): HTMLElement {
  const what = el("p", { class: "asked" });
  const how = el("p", { class: "how" });
  const buttons = [true, false].map((yes) =>
    el(
      "button",
      {
        class: yes ? "yes" : "no",
        id: yes ? "yes" : "no",
        onclick: () => void link.ask({ do: "decided", yes }),
      },
      yes ? "YES" : "NO",
      el("kbd", { "aria-hidden": "true" }, yes ? "Y" : "N"),
    ),
  );
  const box = el("div", { class: "card word", role: "alert" }, what, how, el("div", { class: "pair" }, ...buttons));
  box.hidden = true;
  link.watch((state, changed) => {
    for (const button of buttons) button.disabled = !may(role, { do: "decided", yes: true }) || Boolean(state.panic) || link.isCutOff;
    if (!changed.has("proposal") && !changed.has("beat")) return;
    box.hidden = !state.proposal;
    if (!state.proposal) return;
    const [asked, by] = question(state.proposal, state.beat, titles);
    say(what, asked);
    say(how, by);
  });
  return box;
}

/** Texts for a waiting pick: its effect and its trigger. */
export function question(proposal: Proposal, beat: string | undefined, titles: Titles): [string, string] {
  const { option, trigger, said, confidence } = proposal;
  const to = titles.after(beat, option);
  return [
    `“${titles.option(option, beat)}”${to ? ` ${titles.to(to)}` : ""}`,
    `${means(trigger, said)}, ${percent(confidence)} sure. The story waits for your answer.`,
  ];
}
