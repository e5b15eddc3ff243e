import { el, mark, plain, say } from "./dom";
import { rollText } from "./head";
import { may } from "./commands";
import type { Link } from "./link";
import type { AudienceNow, Doing, Greeting, State } from "./words";

const PATTERNS = ["off", "grid", "geometry", "ramp", "bar", "frame", "cameras", "flash"] as const;
const SHOW_CODE = "Show the code on the wall";
const ON_TIME = 0.95; // share of the frame rate below which a row is marked

/** Slate, roll and cut. */
export function slate(link: Link, { role, sheet }: Greeting): { box: HTMLElement; roll: () => void } {
  const off = !may(role, { do: "slate", text: "" });
  const text = el("input", {
    id: "slate",
    type: "text",
    maxlength: 120,
    autocomplete: "off",
    placeholder: "12A, take 3",
    disabled: off,
  });
  const roll = () => void link.ask({ do: "roll", on: !link.state.rolling });
  const what = el("strong", {}, "ROLL");
  const which = el("small");
  const button = el("button", { id: "roll", class: "roll", disabled: off, onclick: roll }, what, which);
  text.addEventListener("change", () => void link.ask({ do: "slate", text: text.value.trim() }));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter") text.blur();
  });
  link.watch((state, changed) => {
    if (changed.has("slate") && document.activeElement !== text) text.value = state.slate ?? "";
    const over = state.fate !== undefined;
    const rolls = Boolean(state.rolling) && !over;
    say(what, rolls ? "CUT" : "ROLL");
    const next = state.rolls === undefined ? "" : `the ${ordinal(state.rolls + 1)}`;
    say(which, over ? "" : rolls ? rollText(link, sheet.rate).toLowerCase() : next);
    mark(button, "on", rolls);
    button.disabled = off || over || link.isCutOff;
    text.disabled = off || link.isCutOff;
  });
  const box = el("section", { class: "slate", "aria-label": "Slate" }, el("label", { for: "slate" }, "Slate"), text, button);
  return { box, roll };
}

function ordinal(number: number): string {
  const ending = { one: "st", two: "nd", few: "rd", other: "th" } as Record<string, string>;
  return `${number}${ending[new Intl.PluralRules("en", { type: "ordinal" }).select(number)]}`;
}

/** The state of the show: frames, tracker, connected people and their last commands. */
export function health(link: Link, { role, sheet }: Greeting, age: () => number | undefined): HTMLElement {
  const fact = (name: string) => {
    const value = el("dd");
    return { value, row: el("div", {}, el("dt", {}, name), value) };
  };
  const [frames, tracker, camera, here, limits] = [
    fact("Frames"),
    fact("Tracker"),
    fact("Camera"),
    fact("Here"),
    fact("Refused"),
  ];
  limits.row.hidden = true;
  const viewers = fact("Viewers");
  viewers.row.hidden = true;
  const code = el("img", { class: "join", alt: "QR code that viewers scan to join", width: "192", height: "192" });
  code.hidden = true;
  const off = !may(role, { do: "join_code", on: true });
  const onWall = el("button", { class: "small", disabled: off }, SHOW_CODE);
  onWall.hidden = true;
  onWall.addEventListener("click", () => void link.ask({ do: "join_code", on: !link.state.join_code }));
  const doings = el("ol", { class: "doings", "aria-label": "Last commands" });
  link.watch((state, changed) => {
    say(frames.value, frameText(state, age()));
    mark(frames.row, "bad", (state.pace?.made ?? sheet.rate) < sheet.rate * ON_TIME);
    mark(frames.row, "slow", (state.pace?.drawn ?? sheet.rate) < sheet.rate * ON_TIME && Boolean(state.pictures));
    say(tracker.value, trackerText(state) + othersText(state));
    const isBad = (one: { state: string }) => one.state !== "live" && one.state !== "predicted";
    mark(tracker.row, "bad", [...(state.tracker ? [state.tracker] : []), ...(state.cameras ?? [])].some(isBad));
    say(camera.value, cameraText(state.camera));
    if (changed.has("desks")) say(here.value, (state.desks ?? []).join(", "));
    if (changed.has("limits")) {
      say(limits.value, state.limits?.texts.join("; ") ?? "");
      limits.row.hidden = !state.limits;
    }
    if (changed.has("vitals")) {
      const audience = state.vitals?.audience;
      say(viewers.value, audience ? audienceText(audience) : "");
      viewers.row.hidden = !audience;
      if (audience?.join && code.dataset.join !== audience.join) {
        code.dataset.join = audience.join;
        code.src = `/join.svg?${encodeURIComponent(audience.join)}`;
      }
      code.hidden = !audience?.join;
      onWall.hidden = code.hidden && !state.join_code;
    }
    say(onWall, state.join_code ? "Remove the code from the wall" : SHOW_CODE);
    onWall.setAttribute("aria-pressed", String(Boolean(state.join_code)));
    onWall.disabled = off || link.isCutOff;
    if (changed.has("doings")) {
      doings.replaceChildren(
        ...(state.doings ?? []).slice(0, 5).map((one) => el("li", {}, el("b", {}, one.who), ` ${describe(one)}`)),
      );
    }
  });
  const rows = [frames, tracker, camera, here, viewers, limits].map((one) => one.row);
  return el("section", { class: "card health", "aria-label": "Health" }, el("dl", {}, ...rows), code, onWall, doings);
}

/** Frames made and drawn per second, and the age of the picture. */
export function frameText(state: State, age?: number): string {
  const { pace, vitals } = state;
  if (state.silent || pace?.made == null) return state.silent ? "none" : "…";
  const parts = [`made ${pace.made.toFixed(1)} per second`];
  if (state.pictures && pace.drawn !== null) parts.push(`drawn ${pace.drawn.toFixed(1)}`);
  if (age !== undefined) parts.push(`picture ${age.toFixed(1)} s old`);
  if (vitals?.late) parts.push(`${vitals.late} late`);
  if (vitals?.skipped) parts.push(`${vitals.skipped} skipped`);
  if (vitals?.dropped) parts.push(`${vitals.dropped} dropped`);
  for (const [plate, late] of Object.entries(vitals?.plates_late ?? {})) {
    parts.push(`plate ${plate} late in ${late}`);
  }
  return parts.join(" · ");
}

/** The viewers: how many, what they sent, what was refused. */
export function audienceText({ joined, pages, recorded, refused }: AudienceNow): string {
  const parts = [`${joined} joined`, `${pages} pages`, `${recorded} requests recorded`];
  for (const [kind, count] of Object.entries(refused)) parts.push(`${kind} refused ${count}`);
  return parts.join(" · ");
}

function trackerText(state: State): string {
  if (!state.tracker) return "none";
  const { vitals } = state;
  const rate = vitals?.tracker_rate == null ? "" : `, ${vitals.tracker_rate.toFixed(0)} per second`;
  const gaps = vitals?.tracker_gaps ? `, ${vitals.tracker_gaps} gaps` : "";
  const bad = vitals?.tracker_bad ? `, ${vitals.tracker_bad} bad` : "";
  const jumps = vitals?.tracker_jumps ? `, ${vitals.tracker_jumps} jumps` : "";
  const lost = vitals?.tracker_lost ? `, ${vitals.tracker_lost} lost` : "";
  const late = vitals?.tracker_late ? `, ${vitals.tracker_late} late` : "";
  const latency = vitals?.tracker_latency_ms ? `, latency ${vitals.tracker_latency_ms.toFixed(0)} ms` : "";
  const drift = vitals?.tracker_drift_ppm == null ? "" : `, drift ${vitals.tracker_drift_ppm.toFixed(0)} ppm`;
  const noise =
    vitals?.tracker_noise_px == null
      ? ""
      : `, prediction adds ${vitals.tracker_noise_mm?.toFixed(2)} mm (${vitals.tracker_noise_px.toFixed(2)} wall px)`;
  const lag = vitals?.tracker_lag_ms
    ? `, smoothing lags ${vitals.tracker_lag_ms.toFixed(0)} ms (${(vitals.tracker_lag_px ?? 0).toFixed(1)} wall px)`
    : "";
  const age = state["tracker.age"] === undefined ? "" : `, ${state["tracker.age"]} ms old`;
  return `${state.tracker.state}${rate}${age}${gaps}${jumps}${bad}${lost}${late}${latency}${drift}${noise}${lag}`;
}

/** The trackers of the cameras after the first: `; tele held, 820 ms old`. */
export function othersText(state: Pick<State, "cameras">): string {
  const others = (state.cameras ?? []).slice(1);
  return others
    .map(({ id, state: now, age }) => `; ${plain(id)} ${now}${age === null ? "" : `, ${age} ms old`}`)
    .join("");
}

/** The walls: freeze the outer pictures, show a test pattern. */
export function walls(link: Link, { role, sheet }: Greeting): HTMLElement {
  const off = !may(role, { do: "freeze_outer", on: true });
  const freeze = el("button", { id: "freeze", class: "small", disabled: off }, "Freeze outer");
  freeze.addEventListener("click", () => void link.ask({ do: "freeze_outer", on: !link.state.frozen }));
  const where = el(
    "select",
    { id: "pattern-wall", disabled: off, "aria-label": "Wall of the test pattern" },
    el("option", { value: "" }, "every wall"),
    ...sheet.walls.map(({ id }) => el("option", { value: id }, id)),
  );
  const which = el(
    "select",
    { id: "pattern", disabled: off },
    ...PATTERNS.map((name) => el("option", { value: name }, name === "off" ? "none" : name)),
  );
  const show = () => {
    const { patterns = {} } = link.state;
    const shown = where.value ? patterns[where.value] : Object.values(patterns)[0];
    if (document.activeElement !== which) which.value = shown ?? "off";
  };
  which.addEventListener("change", () => {
    const pattern = PATTERNS.find((name) => name === which.value) ?? "off";
    void link.ask({ do: "pattern", pattern, wall: where.value });
    which.blur();
  });
  where.addEventListener("change", show);
  link.watch((state) => {
    say(freeze, state.frozen ? "Let outer move" : "Freeze outer");
    freeze.setAttribute("aria-pressed", String(Boolean(state.frozen)));
    for (const one of [freeze, where, which]) one.disabled = off || link.isCutOff;
    show();
  });
  const label = el("label", { for: "pattern" }, "Test pattern");
  const box = el("section", { class: "walls", "aria-label": "Walls" }, freeze, label, which, where);
  box.hidden = !sheet.staged;
  return box;
}

function cameraText(camera: number[] | undefined): string {
  if (!camera) return "none";
  const [x = 0, y = 0, z = 0, pan = 0, tilt = 0] = camera;
  return `${x.toFixed(2)}, ${y.toFixed(2)}, ${z.toFixed(2)} m; pan ${pan.toFixed(1)}°, tilt ${tilt.toFixed(1)}°`;
}

function describe(doing: Doing): string {
  switch (doing.do) {
    case "param":
      return doing.value === null
        ? `released ${plain(doing.param)}`
        : `${plain(doing.param)} to ${doing.value.toFixed(2)}`;
    case "held":
      return doing.on ? "held the story" : "resumed the story";
    case "forced":
      return `forced ${plain(doing.beat)}`;
    case "join_code":
      return doing.on ? "showed the code to join" : "removed the code to join";
    case "undo":
      return "undid a pick";
    case "confirm":
      return doing.on ? "asks before each pick" : "no longer asks before picks";
    case "decided":
      return doing.yes ? "said yes" : "said no";
    case "pick":
      return `picked ${plain(doing.option)}`;
    case "slate":
      return `slated “${doing.text}”`;
    case "roll":
      return doing.on ? "rolled" : "cut";
    case "time_scale":
      return doing.scale === null ? "took the time limits away" : `gave choices ${doing.scale} times as long`;
    case "reload":
      return "reloaded the story";
    case "cue":
      return `started the cue ${plain(doing.cue)}`;
    case "look":
      return `faded to ${plain(doing.look)}`;
    case "save_look":
      return `saved the look ${doing.look.trim()}`;
    case "delete_look":
      return `deleted the look ${plain(doing.look)}`;
    case "freeze_outer":
      return doing.on ? "froze the outer pictures" : "let the outer pictures move";
    case "pattern": {
      const where = doing.wall ? ` on ${plain(doing.wall)}` : "";
      return doing.pattern === "off" ? `removed the test pattern${where}` : `showed the test pattern ${doing.pattern}${where}`;
    }
    case "panic":
      return doing.on ? "PANIC" : "ended the panic";
    case "stop":
      return doing.performer ? `stopped ${plain(doing.performer)}` : "stopped every body";
    case "release":
      return `released ${plain(doing.performer)}`;
  }
}
