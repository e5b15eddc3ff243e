// What the console's server sends. Its Python side is xrdrama/adapters/web. What a page sends is in
// commands.ts, which is generated.
import type { Command } from "./commands";

export type Texts = Record<string, string>;

export interface Control {
  id: string;
  kind: "real" | "flag" | "choice";
  doc: string;
  default: number | string;
  least: number;
  most: number;
  choices: string[];
}

export interface Way {
  how: "option" | "else" | "next" | "hidden";
  name: string;
  to: string;
  texts: Texts;
}

export interface Beat {
  id: string;
  scene: string;
  ways: Way[];
  ending: string;
  force: string[] | null;
  hold: boolean;
  timed: boolean;
}

/**
 * A wall on the processor's canvas. Facets: lower left, lower right and upper left of a rectangle, or the
 * corners of a triangle, in metres, and the same points in pixels of the canvas.
 */
export interface Wall {
  id: string;
  pixels: [number, number];
  at: [number, number];
  facets: { corners: [number[], number[], number[]]; places: [number, number][]; triangle: boolean }[];
  /** Of a stage with several canvases, the name of its own; else "". */
  canvas?: string;
}

export interface Sheet {
  show: string;
  title: string;
  rate: number;
  languages: string[];
  start: string;
  cast: Record<string, Texts>;
  beats: Beat[];
  scenes: Record<string, Control[]>;
  staged: boolean;
  canvas: [number, number] | null;
  walls: Wall[];
  /** Of each scene. */
  cues: Record<string, Preset[]>;
  looks: Record<string, Preset[]>;
}

export interface Preset {
  id: string;
  doc: string;
}

/** A look of the show: `fade` is in seconds, `title` may be empty. */
export interface SavedLook {
  id: string;
  title: string;
  fade: number;
}

export type Role = "director" | "operator" | "viewer";

export interface Greeting {
  you: string;
  role: Role;
  sheet: Sheet;
}

export interface Option {
  id: string;
  number: number;
  texts: Texts;
  say: string[];
  show: string;
}

export interface Verdict {
  serial: number;
  frame: number;
  source: string;
  said: string;
  verdict: string;
  option: string;
  distance: number;
  margin: number;
}

export interface Picked {
  frame: number;
  beat: string;
  option: string;
  to: string;
  trigger: string;
  said: string;
  confidence: number;
  latency_ms: number;
  /** Who picked, and who accepted the pick; empty for none. */
  name: string;
  role: string;
  confirmed_by: string;
}

export interface Vitals {
  made: number;
  frames: number;
  late: number;
  skipped: number;
  dropped: number;
  frame_ms: number;
  worst_ms: number;
  budget_ms: number;
  tracker_rate: number | null;
  tracker_gaps: number;
  tracker_bad: number;
  tracker_jumps: number;
  tracker_lost?: number;
  tracker_late?: number;
  tracker_jitter_ms?: number;
  tracker_latency_ms?: number | null;
  tracker_drift_ppm?: number | null;
  tracker_noise_mm?: number | null;
  tracker_noise_px?: number | null;
  tracker_lag_ms?: number | null;
  tracker_lag_px?: number | null;
  /** Drawn frames for which a plate repeated its last picture, by set and plate. */
  plates_late?: Record<string, number>;
  audience?: AudienceNow | null;
}

/** Viewers with an open page, their pages, what they sent, what was refused, the link to join. */
export interface AudienceNow {
  joined: number;
  pages: number;
  recorded: number;
  refused: Record<string, number>;
  join: string;
}

export interface Proposal {
  option: string;
  trigger: string;
  said: string;
  confidence: number;
  name: string;
  role: string;
}

/** A command, by whom and at which frame. */
export type Doing = Command & { n: number; seq: number; who: string };

/** The flat state. A name that is absent has no value; `p/<name>` are the parameters of the set. */
export interface Tally {
  choice: string;
  counts: Record<string, number>;
  voters: number;
  joined: number;
  quorum: number;
  phase: "open" | "decided";
  result: string;
  why: string;
  refused: number;
}

export interface State {
  timecode?: string;
  beat?: string;
  scene?: string;
  ending?: string;
  held?: boolean;
  /** The beat or option of a cut that is made when the hold ends. */
  waiting?: string;
  panic?: boolean;
  /** The code of the link to join is on the wall. */
  join_code?: boolean;
  confirming?: boolean;
  /** How much longer than written choices stay open; absent for 1. */
  time_scale?: number | "none";
  proposal?: Proposal;
  undo?: string;
  over?: string[];
  by?: Record<string, string>;
  /** Looks of the show that the set can fade to. */
  looks?: SavedLook[];
  slate?: string;
  rolling?: boolean;
  /** Number of rolls, including the current one. */
  rolls?: number;
  /** Second of the show at which the current roll started. */
  rolled?: number;
  captions?: { line: string; speaker: string; texts: Texts }[];
  choice?: { id: string; numbered: boolean; options: Option[] };
  /** The votes of the open choice, or the result of the last for some seconds. */
  tally?: Tally;
  left?: number;
  seconds?: number;
  hearing?: boolean;
  progress?: Record<string, number>;
  candidate?: string;
  heard?: Verdict[];
  picks?: Picked[];
  faces?: { text: string; state: string }[];
  alarms?: { code: string; text: string; since: number }[];
  tracker?: { source: string; subject: string; state: string };
  "tracker.age"?: number;
  camera?: number[];
  doings?: Doing[];
  desks?: string[];
  vitals?: Vitals;
  pictures?: string[];
  pace?: { made: number | null; drawn: number | null };
  silent?: boolean;
  age?: number;
  limits?: { total: number; texts: string[]; recent: boolean };
  inner?: number[];
  /** The inner frusta of a stage with several cameras, by camera. */
  inners?: Record<string, number[]>;
  /** The cameras of the stage: name, state of the tracker, milliseconds since its newest sample. */
  cameras?: { id: string; subject: string; state: string; age: number | null }[];
  /** The outer pictures are frozen. */
  frozen?: boolean;
  /** Test patterns by wall. */
  patterns?: Record<string, string>;
  fate?: "ended" | "died";
  take?: string;
  [param: `p/${string}`]: number | string;
}

/** `recorded`: the command is in the log of the show. `refused`, maybe later: it had no effect. */
export interface Answer {
  id: number;
  recorded?: number;
  n?: number;
  refused?: string;
  code?: string;
}

export interface Message {
  v: string;
  n: number;
  is?: State;
  now?: Record<string, unknown>;
  answers?: Answer[];
}
