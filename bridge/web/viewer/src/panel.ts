import { el } from "../../src/dom";
import { languageName, type Settings } from "./settings";
import { word } from "./words";

type Field<K extends keyof Settings> = { label: string; name: K; values: [Settings[K], string][]; note?: string };

/** The settings: one row each, kept at once. */
export function settingsForm(
  settings: Settings, languages: readonly string[], changed: (settings: Settings) => void,
): HTMLElement {
  const names = languages.map((tag): [string, string] => [tag, languageName(tag)]);
  const change = (part: Partial<Settings>): void => changed({ ...settings, ...part });
  const row = <K extends keyof Settings>({ label, name, values, note }: Field<K>): HTMLElement => {
    const select = el("select", { name, onchange: () => change({ [name]: values[select.selectedIndex]?.[0] } as Partial<Settings>) });
    select.append(...values.map(([value, text]) => el("option", { selected: value === settings[name] }, text)));
    return el("label", { class: "row" }, el("span", {}, label, note ? el("small", {}, note) : undefined), select);
  };
  return el(
    "div", { class: "rows" },
    row({ label: word("captionsIn"), name: "language", values: [["", word("myLanguage")], ...names] }),
    row({ label: word("below"), name: "second", values: [["", word("noSecond")], ...names] }),
    row({ label: word("captionSize"), name: "size", values: [["small", word("small")], ["medium", word("medium")], ["large", word("large")]] }),
    row({ label: word("soundCaptions"), name: "sounds", values: [[true, word("on")], [false, word("off")]] }),
    row({ label: word("volume"), name: "volume", values: [[1, word("full100")], [0.5, word("half")], [0.25, word("quiet")], [0, word("mute")]] }),
    row({ label: word("contrast"), name: "contrast", values: [[false, word("off")], [true, word("on")]] }),
    row({ label: word("moving"), name: "motion", values: [["auto", word("asSystem")], ["reduced", word("reduced")], ["full", word("fullMotion")]] }),
    row({ label: word("buttonsFor"), name: "hand", values: [["both", word("bothHands")], ["left", word("leftHand")], ["right", word("rightHand")]] }),
    row({ label: word("switchAccess"), name: "scan", note: word("switchNote"),
      values: [[0, word("off")], [1, word("each1")], [2, word("each2")], [4, word("each4")]] }),
    row({ label: word("gaze"), name: "dwell", values: [[true, word("on")], [false, word("off")]] }),
  );
}
