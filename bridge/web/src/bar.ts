import { el, mark, plain, say } from "./dom";
import { may } from "./commands";
import { isOver, type Link } from "./link";
import type { Greeting, State } from "./words";

const SURE_WITHIN = 4000;

interface Command {
  button: HTMLButtonElement;
  press: () => void;
}

export interface Bar {
  box: HTMLElement;
  commands: Record<"hold" | "undo" | "ask" | "force" | "panic", Command>;
}

/** The large buttons, which are always visible. One tap starts a panic, two taps end it. */
export function bar(link: Link, { role }: Greeting, openMap: () => void): Bar {
  const mayHold = may(role, { do: "held", on: true });
  const mayUndo = may(role, { do: "undo" });
  const mayConfirm = may(role, { do: "confirm", on: true });
  const mayForce = may(role, { do: "forced", beat: "" });
  const mayPanic = may(role, { do: "panic", on: true });
  const mayReturn = may(role, { do: "panic", on: false });
  const hold = command("hold", "HOLD", "H", !mayHold, () => void link.ask({ do: "held", on: !link.state.held }));
  const undo = command("undo", "UNDO", "U", !mayUndo, () => void link.ask({ do: "undo" }));
  const ask = command("confirm", "ASK ME: OFF", "C", !mayConfirm, () =>
    void link.ask({ do: "confirm", on: !link.state.confirming }),
  );
  const force = command("force", "FORCE", "F", !mayForce, openMap);
  let armed = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const panic = command("panic", "PANIC", "P", !mayPanic, () => {
    if (!link.state.panic) {
      void link.ask({ do: "panic", on: true });
    } else if (performance.now() - armed < SURE_WITHIN) {
      armed = -Infinity;
      void link.ask({ do: "panic", on: false });
    } else {
      armed = performance.now();
      clearTimeout(timer);
      timer = setTimeout(() => show(link.state), SURE_WITHIN);
      panic.button.focus();
    }
    show(link.state);
  });
  armed = -Infinity;

  const show = (state: State) => {
    const sure = performance.now() - armed < SURE_WITHIN;
    const waits = Boolean(state.proposal);
    const safe = Boolean(state.panic);
    const over = link.isCutOff;
    const old = oldText(link);
    // While a pick waits for an answer, or during a panic, HOLD cannot resume the story.
    label(hold.button, state.held ? "RESUME" : "HOLD", old || holdText(state));
    hold.button.disabled = over || !mayHold || (Boolean(state.held) && (waits || safe));
    hold.button.setAttribute("aria-pressed", String(Boolean(state.held)));
    label(undo.button, "UNDO", state.undo ? `back to ${plain(state.undo)}` : "nothing to undo");
    undo.button.disabled = over || !mayUndo || !state.undo;
    label(ask.button, `ASK ME: ${state.confirming ? "ON" : "OFF"}`, askText(state));
    ask.button.disabled = over || !mayConfirm || waits;
    ask.button.setAttribute("aria-pressed", String(Boolean(state.confirming)));
    label(force.button, "FORCE", "choose a beat");
    force.button.disabled = over || !mayForce;
    if (!safe) label(panic.button, "PANIC", old || "safe picture on every wall");
    else if (sure) label(panic.button, "YES, BACK", old || "press again: the show returns");
    else label(panic.button, "BACK…", old || (mayReturn ? "the walls are safe" : "a director must end it"));
    for (const { button } of [hold, panic]) mark(button, "old", Boolean(old));
    mark(panic.button, "on", safe);
    mark(panic.button, "sure", safe && sure);
    panic.button.disabled = over || (safe ? !mayReturn : !mayPanic);
  };
  link.onStand(() => show(link.state));
  link.watch(show);
  show(link.state);
  const commands = { hold, undo, ask, force, panic };
  const box = el(
    "nav",
    { class: "bar", "aria-label": "Commands" },
    ...Object.values(commands).map((one) => one.button),
  );
  return { box, commands };
}

/** The age of the state that a button shows; "" while it is fresh. */
export function oldText(link: Pick<Link, "standing" | "age">): string {
  const age = link.age();
  if (link.standing === "live" || link.standing === "waiting" || isOver(link.standing)) return "";
  const state = age === undefined ? "no state yet" : `state is ${Math.round(age)} s old`;
  return link.standing === "silent" ? state : `not connected: ${state}`;
}

function holdText(state: State): string {
  if (state.panic) return "the story is held";
  if (state.proposal) return "waits for YES or NO";
  return state.held ? "the story is held" : "the story plays";
}

function askText(state: State): string {
  if (state.proposal) return "answer YES or NO";
  return state.confirming ? "picks wait for you" : "picks happen";
}

function command(id: string, title: string, key: string, off: boolean, press: () => void): Command {
  const button = el(
    "button",
    { id, class: `big ${id}`, disabled: off, onclick: press },
    el("strong", {}, title),
    el("small"),
    el("kbd", { "aria-hidden": "true" }, key),
  );
  return {
    button,
    press: () => {
      if (!button.disabled) press();
    },
  };
}

function label(button: HTMLElement, title: string, detail: string): void {
  const [strong, small] = button.children;
  if (strong) say(strong, title);
  if (small) say(small, detail);
}
