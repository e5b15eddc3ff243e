import { may, type Command } from "./commands";
import { el, say, titled } from "./dom";
import type { Link } from "./link";
import type { Greeting, Preset, SavedLook, State } from "./words";

const FADE = 2; // seconds, if neither a look nor a person sets another time
const LONGEST = 600;

/** Cues to start, looks to fade to, of the set that plays and of the show, and saving a look. */
export function presets(link: Link, { sheet, role }: Greeting): HTMLElement {
  const fade = seconds("fade", { placeholder: "auto", "aria-describedby": "fade-hint" });
  const hint = el("p", { class: "hint", id: "fade-hint" }, `Without a number, saved looks fade in their own time and looks of the set in ${FADE} s.`);
  const [looksBox, cuesBox] = [el("div", { class: "groups" }), el("div", { class: "groups" })];
  const saving = saver(link);
  let buttons: HTMLButtonElement[] = [];
  let shown: string | undefined;
  const button = (text: string, doc: string, kind: "cue" | "look", id: string, command: () => Command) => {
    const one = el("button", { class: "small", title: doc, [`data-${kind}`]: id }, text);
    one.addEventListener("click", () => void link.ask(command()));
    return one;
  };
  const look = (id: string, text: string, doc: string, own: number) =>
    button(text, doc, "look", id, () => ({ do: "look", look: id, fade: typed(fade) ?? own }));
  const build = (state: State) => {
    const scene = state.scene ?? "";
    const looks = (sheet.looks[scene] ?? []).map((one: Preset) => look(one.id, titled(one.id), one.doc, FADE));
    const saved = (state.looks ?? []).map((one) => look(one.id, `${titleOf(one)} · ${one.fade} s`, "", one.fade));
    const cues = (sheet.cues[scene] ?? []).map((one) =>
      button(titled(one.id), one.doc, "cue", one.id, () => ({ do: "cue", cue: one.id })),
    );
    buttons = [...looks, ...saved, ...cues];
    fill(looksBox, group("Looks of the set", looks), group("Saved looks", saved));
    fill(cuesBox, group("Cues", cues));
    box.hidden = false;
  };
  link.watch((state) => {
    const now = JSON.stringify([state.scene, state.looks]);
    if (state.scene !== undefined && now !== shown) {
      shown = now;
      build(state);
    }
    const off = link.isCutOff || !may(role, { do: "cue", cue: "" });
    for (const one of buttons) one.disabled = off;
    fade.disabled = off;
    saving.show(state, link.isCutOff);
  });
  const box = el(
    "section",
    { class: "card presets", "aria-labelledby": "presets-title" },
    el("div", { class: "head" }, el("h3", { id: "presets-title" }, "Looks and cues"), el("label", { for: "fade" }, "Fade, seconds"), fade),
    hint,
    looksBox,
    may(role, { do: "save_look", look: "", fade: 0 }) ? saving.form : undefined,
    cuesBox,
  );
  box.hidden = true; // until the current set is known
  return box;
}

/** A name, a fade, and a button that saves what is shown now; for a look of this name, delete it. */
function saver(link: Link): { form: HTMLElement; show: (state: State, off: boolean) => void } {
  const name = el("input", { id: "look-name", type: "text", maxlength: 64, autocomplete: "off", list: "look-names", placeholder: "Last light" });
  const names = el("datalist", { id: "look-names" });
  const fade = seconds("look-fade", { value: FADE });
  const save = el("button", { class: "small", id: "save-look", type: "submit" }, "Save look");
  const remove = el("button", { class: "small", id: "delete-look", type: "button" }, "Delete look");
  let isOff = true;
  let offered = "";
  let awaited = ""; // a name that was sent and is not in the list yet
  const known = () => link.state.looks?.find((one) => one.id === nameOf(name.value));
  const refresh = () => {
    const one = known();
    say(save, one ? "Replace look" : "Save look");
    remove.hidden = !one;
    save.disabled = isOff || nameOf(name.value) === "" || typed(fade) === undefined;
    remove.disabled = name.disabled = fade.disabled = isOff;
  };
  const done = () => {
    name.value = "";
    refresh();
  };
  name.addEventListener("input", () => {
    awaited = "";
    refresh();
  });
  fade.addEventListener("input", refresh);
  remove.addEventListener("click", () => {
    const one = known();
    if (one) void link.ask({ do: "delete_look", look: one.id }).then((answer) => answer.refused ?? done());
  });
  const form = el(
    "form",
    { class: "save", "aria-label": "Save a look" },
    el("span", { class: "field name" }, el("label", { for: "look-name" }, "Save what is shown as"), name, names),
    el("span", { class: "field" }, el("label", { for: "look-fade" }, "Fade, seconds"), fade),
    save,
    remove,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const look = name.value.trim();
    if (save.disabled || !look) return;
    const isNew = !known();
    awaited = isNew ? nameOf(look) : "";
    void link.ask({ do: "save_look", look, fade: typed(fade) ?? FADE }).then((answer) => {
      if (!answer.refused && !isNew) done();
    });
  });
  const show = (state: State, off: boolean) => {
    const titles = (state.looks ?? []).map(titleOf);
    if (titles.join("\n") !== offered) {
      offered = titles.join("\n");
      names.replaceChildren(...titles.map((value) => el("option", { value })));
    }
    isOff = off;
    if (awaited && state.looks?.some((one) => one.id === awaited)) {
      awaited = "";
      done();
    } else refresh();
  };
  return { form, show };
}

function seconds(id: string, more: Record<string, string | number>): HTMLInputElement {
  return el("input", { id, class: "seconds", type: "number", min: 0, max: LONGEST, step: "any", inputmode: "decimal", ...more });
}

/** The seconds in a field; undefined if they are not a valid number. */
function typed(field: HTMLInputElement): number | undefined {
  const value = Number(field.value);
  return field.value === "" || !field.validity.valid || !(value >= 0 && value <= LONGEST) ? undefined : value;
}

function group(label: string, buttons: HTMLButtonElement[]): HTMLElement | undefined {
  if (!buttons.length) return undefined;
  const caption = el("span", { class: "caption", "aria-hidden": "true" }, label);
  return el("div", { role: "group", "aria-label": label }, caption, ...buttons);
}

function fill(box: HTMLElement, ...groups: (HTMLElement | undefined)[]): void {
  box.replaceChildren(...groups.filter((one) => one !== undefined));
}

function titleOf(look: SavedLook): string {
  return look.title || titled(look.id);
}

/** The name that the show makes of what is typed: `Last light` is `last_light`. */
export function nameOf(text: string): string {
  const words = text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}_]+/gu, "_");
  return words.replace(/_+/g, "_").replace(/^[_\p{N}]+|_+$/gu, "");
}
