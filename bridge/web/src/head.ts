import { el, mark, say } from "./dom";
import type { Link, Standing } from "./link";
import type { Greeting } from "./words";

const STANDINGS: Record<Standing, string> = {
  connecting: "connecting",
  live: "live",
  silent: "the show does not answer",
  away: "away, connecting again",
};

/** Title, time, connection, and what was refused. */
export function head(link: Link, { sheet, you }: Greeting, openHelp: () => void): HTMLElement {
  const standing = el("span", { class: "standing", role: "status" }, STANDINGS.connecting);
  const time = el("span", { class: "timecode" });
  const rolling = el("span", { class: "flag rolling" }, "ROLLING");
  const held = el("span", { class: "flag held" }, "HELD");
  link.onStanding = (now, reason) => {
    say(standing, reason && now === "away" ? `${STANDINGS[now]} (${reason})` : STANDINGS[now]);
    standing.dataset["now"] = now;
    mark(document.body, "cut-off", now !== "live");
  };
  link.watch((state, changed) => {
    if (changed.has("timecode")) say(time, state.timecode ?? "");
    rolling.hidden = !state.rolling;
    held.hidden = !state.held;
  });
  rolling.hidden = held.hidden = true;
  return el(
    "header",
    { class: "head" },
    el("h1", {}, sheet.title),
    held,
    rolling,
    time,
    standing,
    el("span", { class: "you" }, you),
    el("button", { class: "help", id: "help", "aria-label": "Keys and invitations", onclick: openHelp }, "?"),
  );
}

/** What was refused, for some seconds. */
export function notices(link: Link): HTMLElement {
  const list = el("div", { class: "notices", role: "status" });
  link.onRefused = (text) => {
    const note = el("p", {}, text);
    list.append(note);
    while (list.children.length > 3) list.firstChild?.remove();
    setTimeout(() => note.remove(), 7000);
  };
  return list;
}
