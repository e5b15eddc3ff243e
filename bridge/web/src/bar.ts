import { el, mark, plain, say } from "./dom";
import type { Link } from "./link";
import type { Greeting, State } from "./words";

const SURE_WITHIN = 4000;

interface Command {
  button: HTMLButtonElement;
  press: () => void;
}

export interface Bar {
  box: HTMLElement;
  commands: Record<"hold" | "undo" | "confirm" | "force" | "panic", Command>;
}

/** The big buttons, always in reach. Panic takes one tap; back from it takes two. */
export function bar(link: Link, { role }: Greeting, openMap: () => void): Bar {
  const director = role === "director";
  const hold = command("hold", "HOLD", "H", role === "viewer", () =>
    void link.ask({ do: "hold", on: !link.state.held }),
  );
  const undo = command("undo", "UNDO", "U", !director, () => void link.ask({ do: "undo" }));
  const confirm = command("confirm", "CONFIRM", "C", !director, () =>
    void link.ask({ do: "confirm", on: !link.state.confirming }),
  );
  const force = command("force", "FORCE", "F", !director, openMap);
  let armed = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const panic = command("panic", "PANIC", "P", role === "viewer", () => {
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
    label(hold.button, state.held ? "GO ON" : "HOLD", state.held ? "the story is held" : "the story plays");
    hold.button.setAttribute("aria-pressed", String(Boolean(state.held)));
    label(undo.button, "UNDO", state.undo ? `back to ${plain(state.undo)}` : "nothing to undo");
    undo.button.disabled = !director || !state.undo;
    label(confirm.button, "CONFIRM", state.confirming ? "picks wait for you" : "picks happen");
    confirm.button.setAttribute("aria-pressed", String(Boolean(state.confirming)));
    label(force.button, "FORCE", "choose a beat");
    if (!state.panic) label(panic.button, "PANIC", "safe picture on every wall");
    else if (sure) label(panic.button, "YES, BACK", "press again: the show returns");
    else label(panic.button, "BACK…", director ? "the walls are safe" : "the director takes it back");
    mark(panic.button, "on", Boolean(state.panic));
    mark(panic.button, "sure", Boolean(state.panic) && sure);
    panic.button.disabled = role === "viewer" || (Boolean(state.panic) && !director);
  };
  link.watch(show);
  show(link.state);
  const commands = { hold, undo, confirm, force, panic };
  const box = el(
    "nav",
    { class: "bar", "aria-label": "Commands" },
    ...Object.values(commands).map((one) => one.button),
  );
  return { box, commands };
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
