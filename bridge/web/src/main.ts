import "./style.css";
import { bar } from "./bar";
import { coming } from "./coming";
import { may } from "./commands";
import { health, slate, walls } from "./desk";
import { el } from "./dom";
import { head, notices } from "./head";
import { heard } from "./heard";
import { keys, type Key } from "./keys";
import { Link } from "./link";
import { map } from "./map";
import { params } from "./params";
import { presets } from "./presets";
import { pictures } from "./pictures";
import { now, word } from "./story";
import { strip } from "./strip";
import { time } from "./time";
import { Titles } from "./titles";
import type { Greeting } from "./words";

function build(root: HTMLElement, greeting: Greeting): void {
  const link = new Link(greeting);
  const titles = new Titles(greeting.sheet);
  const theMap = map(link, greeting);
  const theBar = bar(link, greeting, theMap.open);
  const theSlate = slate(link, greeting);
  const press = (id: string) => () => document.getElementById(id)?.click();
  const option = (number: number): Key => ({
    key: String(number),
    what: `Pick option ${number}`,
    press: () => {
      const one = link.state.choice?.options.find((offered) => offered.number === number);
      if (!one || link.state.panic) return;
      const pick = { do: "pick", option: one.id } as const;
      if (may(greeting.role, pick)) void link.ask(pick);
    },
  });
  const { hold, undo, ask, force, panic } = theBar.commands;
  const theKeys = keys(
    [
      { key: "h", bar: true, what: "Hold or resume the story", press: hold.press },
      { key: "u", bar: true, what: "Undo the last pick", press: undo.press },
      { key: "c", bar: true, what: "Ask before each pick: on or off", press: ask.press },
      { key: "y", what: "Accept the waiting pick", press: press("yes") },
      { key: "n", what: "Reject the waiting pick", press: press("no") },
      { key: "f", bar: true, what: "Force a beat: choose, then Force", press: force.press },
      ...[1, 2, 3, 4].map(option),
      { key: "r", what: "Roll or cut", press: theSlate.roll },
      { key: "s", what: "Edit the slate", press: () => document.getElementById("slate")?.focus() },
      {
        key: "m",
        what: "Go to the parameters; arrow keys change them",
        press: () => document.querySelector<HTMLElement>(".params input, .params select")?.focus(),
      },
      { key: "p", bar: true, what: "PANIC; press twice to end it", press: panic.press },
    ],
    greeting,
    link,
  );
  const seen = pictures(link, greeting);
  const story = el(
    "section",
    { class: "story", "aria-label": "The story" },
    word(link, greeting, titles),
    now(link, greeting, titles),
    coming(link, greeting, titles),
    heard(link, titles),
    time(link, greeting),
  );
  const columns = [
    el("div", { class: "column left" }, seen.box, theSlate.box, walls(link, greeting), health(link, greeting, seen.age)),
    el("div", { class: "column right" }, story, params(link, greeting), presets(link, greeting)),
  ];
  link.onStand(() => {
    // With all controls disabled, a column that scrolls must be reachable without a pointer.
    for (const column of columns) {
      if (link.isCutOff) column.tabIndex = 0;
      else column.removeAttribute("tabindex");
    }
  });
  const main = el("main", {}, ...columns);
  root.replaceChildren(
    head(link, greeting, theKeys.open),
    strip(link, greeting, titles),
    el("div", { class: "middle" }, main, theMap.dialog, theKeys.dialog),
    theBar.box,
    notices(link),
  );
  document.title = `${greeting.sheet.title} · console`;
  link.open();
}

async function begin(): Promise<void> {
  const root = document.getElementById("console");
  if (!root) return;
  const answer = await fetch("/sheet.json").catch(() => undefined);
  if (!answer) setTimeout(() => void begin(), 1000); // the console is being restarted
  else if (answer.ok) build(root, (await answer.json()) as Greeting);
  else location.reload(); // the server says what is missing
}

void begin();
