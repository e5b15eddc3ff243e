import { el } from "../../src/dom";
import { languageName, type Settings } from "./settings";

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
    row({ label: "Captions in", name: "language", values: [["", "My browser's language"], ...names] }),
    row({ label: "And below it in", name: "second", values: [["", "No second language"], ...names] }),
    row({ label: "Size of captions", name: "size", values: [["small", "Small"], ["medium", "Medium"], ["large", "Large"]] }),
    row({ label: "Captions for sounds", name: "sounds", values: [[true, "On"], [false, "Off"]] }),
    row({ label: "Volume", name: "volume", values: [[1, "Full"], [0.5, "Half"], [0.25, "Quiet"], [0, "Silent"]] }),
    row({ label: "High contrast", name: "contrast", values: [[false, "Off"], [true, "On"]] }),
    row({ label: "Motion", name: "motion", values: [["auto", "As the system says"], ["reduced", "Reduced"], ["full", "Full"]] }),
    row({ label: "Buttons for", name: "hand", values: [["both", "Both hands"], ["left", "The left hand"], ["right", "The right hand"]] }),
    row({ label: "Switch access", name: "scan", note: "Space or Enter picks the highlighted option",
      values: [[0, "Off"], [1, "1 second each"], [2, "2 seconds each"], [4, "4 seconds each"]] }),
    row({ label: "Picking by gaze in a headset", name: "dwell", values: [[true, "On"], [false, "Off"]] }),
  );
}
