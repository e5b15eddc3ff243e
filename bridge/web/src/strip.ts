import { el, mark, say } from "./dom";
import { may } from "./commands";
import { isOver, type Link, type Standing } from "./link";
import type { Titles } from "./titles";
import type { Greeting, State } from "./words";

const MOST = 3;
const LONG = 20; // seconds without a console after which more than a restart is needed

/** A strip below the page's head: panic, connection, alarms. */
export function strip(link: Link, { role }: Greeting, titles: Titles): HTMLElement {
  const back = may(role, { do: "panic", on: false }) ? "BACK, then YES, BACK (or P twice) returns to the show." : "The director returns to the show.";
  const safe = el("strong");
  const panic = el("div", { class: "banner", role: "alert" }, safe, el("span", {}, back));
  const standing = el("p", { class: "standing-text", role: "status" });
  const alarms = el("ul", { class: "alarms" });
  const lamps = el("ul", { class: "lamps", "aria-label": "Live faces" });
  const box = el("section", { class: "strip", "aria-label": "Alarms" }, panic, standing, el("div", { role: "status" }, lamps), el("div", { role: "alert" }, alarms));
  const show = () => {
    const { state } = link;
    panic.hidden = !state.panic || isOver(link.standing);
    if (!panic.hidden) say(safe, `PANIC: SAFE PICTURE on every wall, ${waiting(state)}`);
    mark(document.body, "panicking", !panic.hidden);
    const text = standingText(link.standing, state, titles, link.reason, link.age());
    say(standing, text);
    standing.hidden = !text;
    mark(standing, "over", isOver(link.standing));
    mark(standing, "lost", ["silent", "away", "uninvited", "replaced"].includes(link.standing));
  };
  link.onStand(show);
  link.watch((state, changed) => {
    show();
    if (changed.has("faces") || changed.has("fate")) {
      const on = state.fate ? [] : (state.faces ?? []);
      lamps.replaceChildren(...on.map(({ text, state: how }) => el("li", { class: how }, text)));
    }
    if (!["alarms", "fate", "limits"].some((name) => changed.has(name))) return;
    const limits = state.limits?.recent ? [limitText(state.limits.texts)] : [];
    const all = state.fate ? [] : [...(state.alarms ?? []).map((one) => one.text), ...limits];
    const more = all.length > MOST ? [el("li", {}, `and ${all.length - MOST} more`)] : [];
    alarms.replaceChildren(...all.slice(0, MOST).map((text) => el("li", {}, text)), ...more);
  });
  show();
  return box;
}

/** The state of the story during a panic: a director may have resumed it. */
export function waiting(state: State): string {
  return state.held || state.ending ? "the story is held" : "but the story continues: press HOLD";
}

/** The limits of the console that were reached. */
function limitText(texts: string[]): string {
  return `Limits of the console were reached: ${texts.join("; ")}. Directors can still connect.`;
}

/** How to resume a show that was killed, with this page. */
function resumeText({ take }: State, { sheet }: Titles): string {
  if (!take) return `, type  xrdrama run ${sheet.show}  and open the address that it prints.`;
  const { port } = globalThis.location ?? { port: "" };
  const same = port ? ` --console-port ${port}` : "";
  return `, type  xrdrama run ${sheet.show} --resume ${take}${same}  and this page continues by itself.`;
}

/** A message about the connection; "" while it works. */
export function standingText(
  standing: Standing,
  state: State,
  titles: Titles,
  reason = "",
  age?: number,
): string {
  const take = state.take ? ` Its take: ${state.take}` : "";
  const old = age === undefined ? "" : ` The page shows a state that is ${Math.round(age)} s old.`;
  switch (standing) {
    case "waiting":
      return "Waiting for the first frame of the show.";
    case "silent":
      return `The show does not answer: commands are not sent.${old}`;
    case "away": {
      const lost = `No connection to the console${reason ? ` (${reason})` : ""}: this page reconnects by itself.${old}`;
      return (age ?? 0) < LONG ? lost : `${lost} If the show is not running${resumeText(state, titles)}`;
    }
    case "uninvited":
      return "The console that runs here now does not know this browser. Open the address in the show's terminal, or ask a director for an invitation.";
    case "replaced":
      return `This page is closed: ${reason}.`;
    case "ended": {
      const ending = titles.ending(state);
      return `${ending ? `The show has ended with “${ending}”.` : `The show was stopped, at ${state.timecode ?? "its start"}.`}${take}`;
    }
    case "died":
      return `The show's process has ended unexpectedly.${take} To continue${resumeText(state, titles)}`;
    default:
      return "";
  }
}
