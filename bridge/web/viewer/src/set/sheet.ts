// What scene.json says, as xrdrama/scene/compiled.py writes it. Z up, metres, linear RGB.

export type Rgb = [number, number, number];
export type Vec = [number, number, number];

export interface Param {
  id: string;
  kind: "real" | "flag" | "choice";
  default: number | string;
  least: number;
  most: number;
  choices: string[];
}

export interface Light {
  id: string;
  kind: "directional" | "point" | "baked";
  colour: Rgb;
  intensity: number;
  scaled_by: string;
  direction: Vec | null;
  at: Vec | null;
  reach: number;
  flicker: number;
  shadow: boolean;
  channel: number;
  turned_by: string;
  after: { colour: Rgb; intensity: number; toward: Vec | null } | null;
}

interface SkyColours {
  zenith: Rgb;
  middle: Rgb;
  horizon: Rgb;
  ground: Rgb;
  glow: Rgb;
}

export interface Flashes {
  toward: Vec;
  colour: Rgb;
  scaled_by: string;
}

export interface Way {
  length: number;
  moved_by: string;
  bend: number;
  rise: number;
}

export interface Environment {
  sky: { before: SkyColours; after: SkyColours; turned_by: string; glow_toward: Vec; clouds: number };
  fog: { density: number; height: number; clear: number; scaled_by: string; glow: Rgb; glow_by: string };
  moon: { toward: Vec; degrees: number; colour: Rgb; halo: number; scaled_by: string } | null;
  tone: { exposure: number; moved_by: string; white: number; contrast: number; lift: Rgb };
  weather: { wind_by: string; snow_by: string; snow: Rgb };
  flashes: Flashes | null;
  way: Way | null;
}

export type FinishKind =
  | "surface" | "water" | "halo" | "streak" | "mist" | "shade" | "shaft" | "backdrop";

export interface Finish {
  id: string;
  kind: FinishKind;
  glow_by: string;
  fade_by: string;
  sway: number;
  flicker: number;
  wet: number;
  snow: number;
  casts: boolean;
  over: string;
  tile: number;
}

export interface Part {
  id: string;
  turn_by: string;
  degrees: number;
  fade_by: string;
  travel_by: string;
  travel: Vec;
  loop: number;
  along: boolean;
  turns_with_way: boolean;
}

export interface Particles {
  id: string;
  kind: string;
  least: Vec;
  most: Vec;
  size: number;
  colour: Rgb;
  speed: number;
  amount_by: string;
}

export interface Anchor {
  id: string;
  at: Vec;
  pan: number;
  tilt: number;
}

export interface Wave {
  hertz: number;
  share: number;
}

export interface SetLight {
  name: string;
  kind: "directional" | "point" | "spot";
  colour: Rgb;
  at: Vec;
  direction: Vec;
  reach: number;
  inner: number;
  outer: number;
}

export interface Sheet {
  format: string;
  version: number;
  id: string;
  title: string;
  loop: number;
  params: Record<string, Param>;
  lights: Record<string, Light>;
  environment: Environment;
  materials: Record<string, Finish>;
  parts: Record<string, Part>;
  particles: Record<string, Particles>;
  places: Record<string, Anchor>;
  curves: { flicker: Wave[]; sway: Wave[]; gust: Wave };
  ambient: { before: Vec[]; after: Vec[]; moon: Vec[] };
  reflections: { before: number; after: number; scale: number; widths: number[] };
  noise: number;
  model_lights: SetLight[];
  plates: { plate: { id: string; kind: string } }[];
  clips: { name: string; speed: number; moved_by: string; blend_by: string }[];
}

const FORMAT = "xrdrama-scene";
const VERSION = 2;

/** The content of scene.json; an Error that says what is wrong if it is not one. */
export function readSheet(found: unknown): Sheet {
  const sheet = found as Partial<Sheet> | null;
  if (sheet === null || typeof sheet !== "object" || sheet.format !== FORMAT)
    throw new Error(`scene.json is not a compiled scene: its format is not ${FORMAT}`);
  if (sheet.version !== VERSION)
    throw new Error(
      `the compiled scene has version ${String(sheet.version)}; this page reads version ${VERSION}: ` +
        "load the page again from the server",
    );
  return sheet as Sheet;
}
