import { el, mark, plain, say } from "./dom";
import type { Link } from "./link";
import { wallParts } from "./wall";
import type { Greeting, State } from "./words";

const AGAIN = 1000; // milliseconds until a failed picture is requested again

export interface Pictures {
  box: HTMLElement;
  /** Seconds by which the newest through-the-lens picture is older than the state. */
  age: () => number | undefined;
}

/** The live pictures. A hidden page and a collapsed wall request none. */
export function pictures(link: Link, greeting: Greeting): Pictures {
  const { sheet } = greeting;
  const lens = new Feed("lens", "Through the lens, live", () => link.number, sheet.rate);
  const wall = new Feed("wall", "The wall, live", () => link.number, sheet.rate);
  const none = el("p", { class: "none" });
  const label = el("figcaption", {}, "Through the lens");
  const cameras = el("div", { class: "cameras", role: "group", "aria-label": "Through the lens of" });
  cameras.hidden = true;
  const parts = wallParts(link, greeting);
  const [safeLens, safeWall] = [safeSign(), safeSign()];
  const fold = el(
    "details",
    { open: true },
    el("summary", {}, el("span", {}, "The wall")),
    el("div", { class: "canvas" }, wall.img, parts.over),
    safeWall,
    parts.legend,
  );
  const figures = {
    lens: el("figure", { class: "lens" }, lens.img, label, cameras, safeLens),
    wall: el("figure", { class: "wall" }, fold),
  };
  const box = el("section", { class: "pictures", "aria-label": "Live pictures" }, none, figures.lens, figures.wall);

  let panicked = Infinity;
  const show = () => {
    const isHere = !["away", "uninvited", "replaced", "ended", "died"].includes(link.standing);
    const there = isHere ? (link.state.pictures ?? []) : [];
    figures.lens.hidden = !there.includes("lens");
    figures.wall.hidden = !there.includes("wall");
    lens.want(!figures.lens.hidden && !document.hidden);
    wall.want(!figures.wall.hidden && !document.hidden && fold.open);
    const refused = lens.refused || wall.refused;
    none.hidden = there.length > 0 && !refused;
    say(none, refused && there.length ? `No pictures: ${refused}.` : why(link, sheet));
  };
  const list = () => {
    const choices = lensesOf(link.state);
    cameras.hidden = choices.length < 2;
    const buttons = choices.map(({ id, picture }) => {
      const button = el("button", { type: "button", "aria-pressed": String(picture === lens.name) }, plain(id));
      button.addEventListener("click", () => {
        lens.turn(picture);
        list();
      });
      return button;
    });
    cameras.replaceChildren(...buttons);
  };
  document.addEventListener("visibilitychange", show);
  fold.addEventListener("toggle", show);
  link.onStand(show);
  let listed = "";
  link.watch((state, changed) => {
    if (changed.has("pictures") || changed.has("vitals")) show();
    const names = JSON.stringify(lensesOf(state));
    if (names !== listed) {
      listed = names;
      list();
    }
    if (changed.has("panic")) panicked = state.panic ? link.number : Infinity;
    // A picture that was drawn before the panic is not the safe one yet.
    safeLens.hidden = !lens.isFrom(panicked);
    safeWall.hidden = !wall.isFrom(panicked);
    const age = lens.age();
    say(label, age === undefined ? "Through the lens" : `Through the lens, ${age.toFixed(1)} s old`);
    mark(box, "held", Boolean(state.held));
    mark(box, "panicking", Boolean(state.panic));
    mark(box, "rolling", Boolean(state.rolling));
  });
  show();
  return { box, age: () => (figures.lens.hidden ? undefined : lens.age()) };
}

/** The cameras with a picture through their lens, in the order of the stage: their names, and that of the picture. */
export function lensesOf({ cameras, pictures: there }: Pick<State, "cameras" | "pictures">): { id: string; picture: string }[] {
  return (cameras ?? [])
    .map(({ id }, index) => ({ id, picture: index ? `lens${index + 1}` : "lens" }))
    .filter(({ picture }) => there?.includes(picture));
}

/** A label on pictures drawn during a panic: they are dimmed on purpose. */
function safeSign(): HTMLElement {
  const sign = el("p", { class: "safe-sign" }, "SAFE PICTURE");
  sign.hidden = true;
  return sign;
}

/** Why there is no picture, and how to get one. */
export function why({ standing, state }: Pick<Link, "standing" | "state">, sheet: Greeting["sheet"]): string {
  if (standing === "away" || standing === "uninvited" || standing === "replaced") {
    return "No pictures while there is no connection to the console.";
  }
  if (standing === "ended" || standing === "died") return "No pictures any more: the show is over.";
  if (!sheet.staged) {
    return "This show has no stage, so it has no pictures of a wall or through a lens: viewers see it in a window or a headset.";
  }
  if (!state.beat) return "Pictures appear with the first frame.";
  if (!state.vitals) return "Pictures are shown by a console on the machine that plays the show.";
  return `This run does not draw its stage. To see the lens and the wall, start it with  xrdrama run ${sheet.show} --headless`;
}

/** Requests one picture after another, each after the previous one is shown, so that none queue. */
class Feed {
  readonly img: HTMLImageElement;
  /** Why the console sends no picture; "" while it does. */
  refused = "";
  private stop: AbortController | undefined;
  private frame: number | undefined;

  constructor(
    public name: string,
    alt: string,
    private readonly number: () => number,
    private readonly rate: number,
  ) {
    this.img = el("img", { alt });
  }

  age(): number | undefined {
    return this.frame === undefined ? undefined : Math.max(0, (this.number() - this.frame) / this.rate);
  }

  /** Whether the shown picture was drawn from a frame with this number or a later one. */
  isFrom(number: number): boolean {
    return this.frame !== undefined && this.frame >= number;
  }

  /** Request another picture from now on. */
  turn(name: string): void {
    const isOn = this.stop !== undefined;
    this.want(false);
    this.name = name;
    this.want(isOn);
  }

  want(on: boolean): void {
    if (on && !this.stop) void this.run((this.stop = new AbortController()).signal);
    if (!on && this.stop) {
      this.stop.abort();
      this.stop = this.frame = undefined;
    }
  }

  private async run(signal: AbortSignal): Promise<void> {
    let after = "0";
    while (!signal.aborted) {
      try {
        const answer = await fetch(`/picture/${this.name}?after=${after}`, { signal });
        this.refused = answer.status === 429 ? (answer.headers.get("x-refused") ?? "refused") : "";
        if (answer.status === 204) continue;
        if (!answer.ok) throw new Error(answer.statusText);
        after = answer.headers.get("x-sequence") ?? "0";
        await this.put(await answer.blob(), Number(answer.headers.get("x-frame")));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  private async put(picture: Blob, frame: number): Promise<void> {
    const before = this.img.src;
    this.img.src = URL.createObjectURL(picture);
    await this.img.decode();
    this.frame = frame;
    if (before) URL.revokeObjectURL(before);
  }
}
