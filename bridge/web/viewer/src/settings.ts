/** What a viewer chose; kept in the browser. */
export interface Settings {
  /** The language of captions and options; empty: the browser's, where the show has it. */
  language: string;
  /** A second language under the first; empty: none. */
  second: string;
  size: "small" | "medium" | "large";
  /** Captions for sounds. */
  sounds: boolean;
  contrast: boolean;
  /** auto: as the system says. */
  motion: "auto" | "reduced" | "full";
  /** The hand that holds the phone: options are on its side. */
  hand: "both" | "left" | "right";
  /** Seconds on each option for a single switch; 0: off. */
  scan: number;
  /** In a headset, whether looking at the dot of an option picks it. */
  dwell: boolean;
  volume: number;
}

export const DEFAULTS: Settings = {
  language: "",
  second: "",
  size: "medium",
  sounds: true,
  contrast: false,
  motion: "auto",
  hand: "both",
  scan: 0,
  dwell: true,
  volume: 1,
};

const NAME = "settings";

/** The kept settings; a damaged or old value becomes the default. */
export function loadSettings(kept: Pick<Storage, "getItem">): Settings {
  const settings: Settings = { ...DEFAULTS };
  try {
    const found = JSON.parse(kept.getItem(NAME) ?? "{}") as Record<string, unknown>;
    for (const name of Object.keys(DEFAULTS) as (keyof Settings)[])
      if (typeof found[name] === typeof DEFAULTS[name]) Object.assign(settings, { [name]: found[name] });
  } catch {
    return settings;
  }
  return settings;
}

export function saveSettings(kept: Pick<Storage, "setItem">, settings: Settings): void {
  try {
    kept.setItem(NAME, JSON.stringify(settings));
  } catch {
    // A private window may have no storage: the settings hold until the page is closed.
  }
}

/** The language to show: the chosen one, else the browser's first that the show has, else its first. */
export function pickLanguage(chosen: string, wished: readonly string[], there: readonly string[]): string {
  if (there.includes(chosen)) return chosen;
  for (const tag of wished) {
    const exact = there.find((one) => one.toLowerCase() === tag.toLowerCase());
    const near = there.find((one) => base(one) === base(tag));
    const found = exact ?? near;
    if (found) return found;
  }
  return there[0] ?? "en";
}

function base(tag: string): string {
  return (tag.split("-")[0] ?? "").toLowerCase();
}

/** A language's own name, `中文` for `zh`. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
