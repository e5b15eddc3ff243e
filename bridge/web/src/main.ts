import "./style.css";
import { bar } from "./bar";
import { health, slate } from "./desk";
import { el } from "./dom";
import { head, notices } from "./head";
import { keys, type Key } from "./keys";
import { Link } from "./link";
import { map } from "./map";
import { params } from "./params";
import { pictures } from "./pictures";
import { story } from "./story";
import type { Greeting } from "./words";

function build(root: HTMLElement, greeting: Greeting): void {
  const link = new Link();
  const theMap = map(link, greeting);
  const theBar = bar(link, greeting, theMap.open);
  const theSlate = slate(link, greeting);
  const press = (id: string) => () => document.getElementById(id)?.click();
  const option = (number: number): Key => ({
    key: String(number),
    what: `Pick option ${number}`,
    press: () => {
      const one = link.state.choice?.options.find((offered) => offered.number === number);
      if (one && greeting.role === "director") void link.ask({ do: "pick", option: one.id });
    },
  });
  const { hold, undo, confirm, force, panic } = theBar.commands;
  const theKeys = keys(
    [
      { key: "h", what: "Hold the story, let it go on", press: hold.press },
      { key: "u", what: "Undo the last pick", press: undo.press },
      { key: "c", what: "Confirm picks, or let them happen", press: confirm.press },
      { key: "y", what: "Yes to the pick that waits", press: press("yes") },
      { key: "n", what: "No to it", press: press("no") },
      { key: "f", what: "Force a beat: choose, then Force", press: force.press },
      ...[1, 2, 3, 4].map(option),
      { key: "r", what: "Roll, cut", press: theSlate.roll },
      { key: "s", what: "Write on the slate", press: () => document.getElementById("slate")?.focus() },
      {
        key: "m",
        what: "To the parameters; arrows move them",
        press: () => document.querySelector<HTMLElement>(".params input, .params select")?.focus(),
      },
      { key: "p", what: "PANIC; twice to come back", press: panic.press },
    ],
    greeting,
  );
  root.replaceChildren(
    head(link, greeting, theKeys.open),
    el(
      "main",
      {},
      el("div", { class: "column left" }, pictures(link), theSlate.box, health(link)),
      el("div", { class: "column right" }, story(link, greeting), params(link, greeting)),
    ),
    notices(link),
    theBar.box,
    theMap.dialog,
    theKeys.dialog,
  );
  document.title = `${greeting.sheet.title} · console`;
  link.open();
}

async function begin(): Promise<void> {
  const root = document.getElementById("console");
  if (!root) return;
  const answer = await fetch("/sheet.json");
  if (answer.ok) build(root, (await answer.json()) as Greeting);
  else location.reload(); // the server says what is missing
}

void begin();
