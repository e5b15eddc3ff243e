import { may, type Command } from "./commands";
import { el, titled } from "./dom";
import type { Link } from "./link";
import type { Greeting, Preset } from "./words";

const FADE = 2; // seconds, until somebody types another number

/** Cues to start and looks to fade to, of the set that plays. */
export function presets(link: Link, { sheet, role }: Greeting): HTMLElement {
  const fade = el("input", { id: "fade", type: "number", min: 0, max: 600, step: 0.5, value: FADE, inputmode: "decimal" });
  const seconds = () => (fade.validity.valid && fade.value !== "" ? Number(fade.value) : FADE);
  const lists = el("div", { class: "groups" });
  let buttons: HTMLButtonElement[] = [];
  let scene: string | undefined;
  const button = (preset: Preset, kind: "cue" | "look", command: () => Command) => {
    const one = el("button", { class: "small", title: preset.doc, [`data-${kind}`]: preset.id }, titled(preset.id));
    one.addEventListener("click", () => void link.ask(command()));
    return one;
  };
  link.watch((state, changed) => {
    if (changed.has("scene") && state.scene !== scene) {
      scene = state.scene;
      const cues = (sheet.cues[scene ?? ""] ?? []).map((one) => button(one, "cue", () => ({ do: "cue", cue: one.id })));
      const looks = (sheet.looks[scene ?? ""] ?? []).map((one) =>
        button(one, "look", () => ({ do: "look", look: one.id, fade: seconds() })),
      );
      buttons = [...cues, ...looks];
      lists.replaceChildren(
        el("div", { role: "group", "aria-label": "Looks" }, ...looks),
        el("div", { role: "group", "aria-label": "Cues" }, ...cues),
      );
      box.hidden = buttons.length === 0;
    }
    const off = link.isCutOff || !may(role, { do: "cue", cue: "" });
    for (const one of buttons) one.disabled = off;
    fade.disabled = off;
  });
  const box = el(
    "section",
    { class: "card presets", "aria-labelledby": "presets-title" },
    el("div", { class: "head" }, el("h3", { id: "presets-title" }, "Looks and cues"), el("label", { for: "fade" }, "Fade, seconds"), fade),
    lists,
  );
  box.hidden = true; // until it is known which set plays
  return box;
}
