// Params, lights and seconds of a frame as the uniforms that all of a set's shaders share.
// A port of xrdrama/adapters/panda/set/lighting.py: every value is a function of its arguments.

import { flash, SLOTS } from "./flashes";
import { type Levels, lerp, lightUnder, times, unit } from "./levels";
import type { Light, Rgb, Sheet, Vec, Way } from "./sheet";

const MOST_POINTS = 4;
const BAKED = 4;
const SIZES: Record<string, number> = {
  sky_zenith: 1, sky_middle: 1, sky_horizon: 1, sky_ground: 1, sky_glow: 1, glow_toward: 1,
  moon_toward: 1, moon_halo: 1, moon_disc: 1, air: 1, air_glow: 1, tone: 1, tone_lift: 1,
  flash_way: SLOTS, flash_light: SLOTS, spark_way: SLOTS, ambient: 9, moment: 1,
  curve_flicker: 3, curve_sway: 3, curve_gust: 1, snowfall: 1, key_toward: 1, key_colour: 1,
  points: 1, point_at: MOST_POINTS, point_colour: MOST_POINTS, baked: BAKED, level: 1, way: 1,
};

export interface Uniform {
  value: unknown;
}

/** A light of the frame: it replaces the set's own of that id. */
export interface FrameLight {
  id: string;
  colour: Rgb;
  direction: Vec | null;
}

const TURN = 2 * Math.PI;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

export class Lighting {
  readonly uniforms: Record<string, Uniform> = {};
  /** Where the key light shines to; null when it does not shine. */
  key: Vec | null = null;
  private readonly rows: Record<string, Float32Array> = {};

  constructor(private readonly sheet: Sheet) {
    for (const [name, size] of Object.entries(SIZES)) {
      const row = new Float32Array(4 * size);
      this.rows[name] = row;
      this.uniforms[name] = { value: row };
    }
    const { flicker, sway, gust } = sheet.curves;
    for (const [name, waves] of Object.entries({ flicker, sway, gust: [gust] }))
      waves.forEach((wave, i) => this.set(`curve_${name}`, [wave.hertz, wave.share], i));
    Object.assign(this.uniforms, modelLights(sheet));
  }

  /** Factor of exposure, 1 / white^2 and contrast. */
  get tone(): Float32Array {
    return this.rows["tone"]!;
  }

  get lift(): Float32Array {
    return this.rows["tone_lift"]!;
  }

  /** Set every uniform for one moment. */
  update(levels: Levels, lights: readonly FrameLight[], seconds: number): void {
    const { environment, loop } = this.sheet;
    const turn = environment.sky.turned_by ? levels.of(environment.sky.turned_by) : 0;
    const wind = 0.06 + 0.94 * levels.of(environment.weather.wind_by);
    const moment = ((seconds % loop) + loop) % loop;
    this.way(environment.way, levels);
    this.set("moment", [moment, wind]);
    this.sky(levels, turn);
    this.air(levels);
    this.flash(levels, moment);
    this.lights(levels, new Map(lights.map((light) => [light.id, light])), seconds, turn);
  }

  private set(name: string, values: readonly number[], at = 0): void {
    const row = this.rows[name]!;
    for (let i = 0; i < 4; i++) row[4 * at + i] = values[i] ?? 0;
  }

  private flash(levels: Levels, seconds: number): void {
    const flashes = this.sheet.environment.flashes;
    if (!flashes) return;
    const amount = levels.of(flashes.scaled_by);
    for (let slot = 0; slot < SLOTS; slot++) {
      const [glow, sparks, light] = flash(flashes, slot, seconds);
      this.set("flash_way", glow, slot);
      this.set("spark_way", sparks, slot);
      this.set("flash_light", times(light, amount), slot);
    }
  }

  private way(way: Way | null, levels: Levels): void {
    if (!way) return this.set("way", [0, 1]);
    const turns = TURN / way.length;
    const phase = way.moved_by ? turns * levels.of(way.moved_by) : 0;
    this.set("way", [phase, turns, radians(way.bend), radians(way.rise)]);
  }

  private sky(levels: Levels, turn: number): void {
    const { sky, moon } = this.sheet.environment;
    for (const part of ["zenith", "middle", "horizon", "ground", "glow"] as const)
      this.set(`sky_${part}`, lerp(sky.before[part], sky.after[part], turn));
    this.set("glow_toward", sky.glow_toward);
    const full = moon ? levels.of(moon.scaled_by) : 0;
    if (moon) {
      this.set("moon_toward", [...moon.toward, Math.cos(radians(moon.degrees) * 0.5)]);
      this.set("moon_halo", times(moon.colour, moon.halo * full));
      this.set("moon_disc", times(moon.colour, full * (1 - 0.6 * turn)));
    }
    const { before, after, moon: halo } = this.sheet.ambient;
    before.forEach((colour, i) => {
      const light = lerp(colour, after[i]!, turn);
      this.set("ambient", light.map((value, k) => value + halo[i]![k]! * full), i);
    });
  }

  private air(levels: Levels): void {
    const { fog, tone, weather, sky } = this.sheet.environment;
    const thick = fog.density * levels.of(fog.scaled_by);
    this.set("air", [thick, 1 / fog.height, sky.clouds, fog.clear]);
    this.set("air_glow", times(fog.glow, levels.of(fog.glow_by)));
    const stops = tone.exposure + (tone.moved_by ? levels.of(tone.moved_by) : 0);
    this.set("tone", [2 ** stops, 1 / (tone.white * tone.white), tone.contrast]);
    this.set("tone_lift", tone.lift);
    this.set("snowfall", [...weather.snow, weather.snow_by ? levels.of(weather.snow_by) : 0]);
  }

  private lights(
    levels: Levels, given: Map<string, FrameLight>, seconds: number, turn: number,
  ): void {
    this.key = null;
    const amounts = [1, 1, 1, 1];
    const points: [number, Light, Rgb][] = [];
    for (const light of Object.values(this.sheet.lights)) {
      const [colour, way] = this.now(light, levels, given, seconds);
      const bright = Math.max(...colour);
      if (light.kind === "baked") {
        this.set("baked", colour, light.channel);
        amounts[light.channel] = levels.of(light.scaled_by);
      } else if (light.kind === "point" && bright > 1e-4) {
        points.push([bright, light, colour]);
      } else if (light.shadow && way && bright > 1e-5) {
        this.key = unit(way);
        this.set("key_colour", colour);
      }
    }
    this.set("key_toward", this.key ? [...times(this.key, -1), 1] : [0, 0, 1, 0]);
    this.set("level", amounts);
    const brightest = points.sort((a, b) => b[0] - a[0]).slice(0, MOST_POINTS);
    this.set("points", [brightest.length, turn]);
    brightest.forEach(([, light, colour], i) => {
      this.set("point_at", [...(light.at ?? [0, 0, 0]), 1 / light.reach ** 2], i);
      this.set("point_colour", colour, i);
    });
  }

  private now(
    light: Light, levels: Levels, given: Map<string, FrameLight>, seconds: number,
  ): [Rgb, Vec | null] {
    const flicker = this.flicker(light, seconds);
    const [colour, way] = lightUnder(light, levels);
    const override = given.get(light.id);
    if (!override) return [times(colour, flicker), way];
    return [times(override.colour, flicker), override.direction ?? way];
  }

  private flicker(light: Light, seconds: number): number {
    const bytes = new TextEncoder().encode(light.id);
    const phase = (bytes.reduce((sum, byte) => sum + byte, 0) % 97) / 97;
    const moved = this.sheet.curves.flicker.reduce(
      (sum, wave, i) => sum + wave.share * Math.sin(TURN * (wave.hertz * seconds + phase * (3 + 4 * i))),
      0,
    );
    return 1 + light.flicker * moved;
  }
}

/** The lights of models; nothing moves them. */
function modelLights(sheet: Sheet): Record<string, Uniform> {
  const lights = sheet.model_lights;
  if (!lights.length) return {};
  const rows: Record<string, number[]> = { at: [], way: [], colour: [], cone: [] };
  for (const light of lights) {
    const near = light.reach > 0 ? 1 / light.reach ** 2 : 0;
    const spot = light.kind === "spot";
    const scale = spot ? 1 / Math.max(light.inner - light.outer, 0.001) : 0;
    rows["at"]!.push(...light.at, near);
    rows["way"]!.push(...light.direction, light.kind === "directional" ? 1 : 0);
    rows["colour"]!.push(...times(light.colour, 1 / Math.PI), 0);
    rows["cone"]!.push(scale, spot ? -light.outer * scale : 1, 0, 0);
  }
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [
      `model_light_${name}`, { value: new Float32Array(row) },
    ]),
  );
}
