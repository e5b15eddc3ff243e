import { plain } from "../../src/dom";
import type { Sound, State } from "./protocol";
import { word } from "./words";

export const SAMPLE_RATE = 48_000; // of the show's clock
const FADE = 0.03; // seconds; a sound that stops at once clicks
const OFF = 0.06; // seconds that a loop may be away from the show's time before it is moved

/** Where to start a sound: in `delay` seconds, at `offset` seconds of it; undefined where it is over. */
export function placeInTime(
  start_sample: number, now: number, duration: number, loop: boolean,
): { delay: number; offset: number } | undefined {
  const since = now - start_sample / SAMPLE_RATE;
  if (since <= 0) return { delay: -since, offset: 0 };
  if (loop) return { delay: 0, offset: since % duration };
  return since < duration ? { delay: 0, offset: since } : undefined;
}

/** The address of a sound; its id may have slashes. */
export function soundUrl(id: string): string {
  return `/sounds/${id.split("/").map(encodeURIComponent).join("/")}`;
}

/** What a caption says of a sound; empty for a line, which has a caption of its own. */
export function soundCaption(sound: Sound): string {
  if (sound.kind !== "effect" && sound.kind !== "ambience") return "";
  return `[${plain(sound.id.split("/").at(-1) ?? sound.id)}]`;
}

interface Playing {
  source: AudioBufferSourceNode;
  gain: GainNode;
  /** Seconds of the audio clock at which the sound's beginning would have been. */
  began: number;
  length: number;
}

/** Plays the show's sounds at its time. Browsers allow it after a press only. */
export class Sounds {
  /** A sound that cannot be loaded, for people. */
  onTrouble: (text: string) => void = () => {};
  private context: AudioContext | undefined;
  private master: GainNode | undefined;
  private wanted = new Map<string, Sound>();
  private readonly playing = new Map<string, Playing>();
  private readonly buffers = new Map<string, Promise<AudioBuffer>>();
  private readonly failed = new Set<string>();
  private volume = 1;

  constructor(private readonly seconds: () => number) {
    setInterval(() => this.align(), 1000);
  }

  get isOn(): boolean {
    return this.context?.state === "running";
  }

  /** Start; to be called while a press is handled. */
  async start(): Promise<boolean> {
    if (!("AudioContext" in globalThis)) return false;
    if (!this.context) {
      this.context = new AudioContext({ latencyHint: "interactive" });
      this.master = this.context.createGain();
      this.master.gain.value = this.volume;
      this.master.connect(this.context.destination);
    }
    await this.context.resume();
    for (const [key, sound] of this.wanted) void this.play(key, sound);
    return this.isOn;
  }

  async stop(): Promise<void> {
    for (const key of [...this.playing.keys()]) this.end(key);
    await this.context?.suspend();
  }

  setVolume(volume: number): void {
    this.volume = volume;
    if (this.master) this.master.gain.value = volume;
  }

  apply(state: Partial<State>): void {
    const sounds = (state.sounds ?? []).filter((sound) => sound.kind !== "stop");
    this.wanted = new Map(sounds.map((sound) => [`${sound.id} ${sound.start_sample}`, sound]));
    for (const key of [...this.playing.keys()]) if (!this.wanted.has(key)) this.end(key);
    if (this.isOn) for (const [key, sound] of this.wanted) void this.play(key, sound);
  }

  private async play(key: string, sound: Sound): Promise<void> {
    if (this.playing.has(key) || this.failed.has(sound.id)) return;
    let buffer: AudioBuffer;
    try {
      buffer = await this.load(sound.id);
    } catch {
      this.failed.add(sound.id);
      this.buffers.delete(sound.id);
      this.onTrouble(word("soundLost", sound.id));
      return;
    }
    const { context, master } = this;
    if (!context || !master || !this.isOn || !this.wanted.has(key) || this.playing.has(key)) return;
    const latency = context.outputLatency || 0;
    const place = placeInTime(sound.start_sample, this.seconds() + latency, buffer.duration, sound.loop);
    if (!place) return;
    const source = new AudioBufferSourceNode(context, { buffer, loop: sound.loop });
    const gain = new GainNode(context, { gain: 0 });
    const at = context.currentTime + place.delay;
    const loud = 10 ** (sound.gain_db / 20);
    // A sound that starts in its middle would click.
    gain.gain.setValueAtTime(place.offset ? 0 : loud, at);
    if (place.offset) gain.gain.linearRampToValueAtTime(loud, at + FADE);
    source.connect(gain).connect(master);
    source.start(at, place.offset);
    source.onended = () => {
      if (this.playing.get(key)?.source === source && !sound.loop) this.playing.delete(key);
    };
    this.playing.set(key, { source, gain, began: at - place.offset, length: buffer.duration });
  }

  /** Move what has drifted away from the show's time. */
  private align(): void {
    const { context } = this;
    if (!context || !this.isOn) return;
    for (const [key, playing] of this.playing) {
      const sound = this.wanted.get(key);
      if (!sound) continue;
      const due = this.seconds() + (context.outputLatency || 0) - sound.start_sample / SAMPLE_RATE;
      let off = context.currentTime - playing.began - due;
      if (sound.loop) off -= Math.round(off / playing.length) * playing.length;
      if (Math.abs(off) <= OFF) continue;
      this.end(key);
      void this.play(key, sound);
    }
  }

  private end(key: string): void {
    const playing = this.playing.get(key);
    this.playing.delete(key);
    if (!playing || !this.context) return;
    const now = this.context.currentTime;
    playing.gain.gain.cancelScheduledValues(now);
    playing.gain.gain.setTargetAtTime(0, now, FADE / 3);
    playing.source.stop(now + FADE * 2);
  }

  private load(id: string): Promise<AudioBuffer> {
    const there = this.buffers.get(id);
    if (there) return there;
    const loading = fetch(soundUrl(id)).then(async (answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return this.context!.decodeAudioData(await answer.arrayBuffer());
    });
    this.buffers.set(id, loading);
    return loading;
  }

  /** How far what plays is from the show's time, in seconds, by sound. */
  offsets(): Record<string, number> {
    const found: Record<string, number> = {};
    for (const [key, playing] of this.playing) {
      const sound = this.wanted.get(key);
      if (!sound || !this.context) continue;
      let off = this.context.currentTime - playing.began - this.seconds() + sound.start_sample / SAMPLE_RATE;
      if (sound.loop) off -= Math.round(off / playing.length) * playing.length;
      found[sound.id] = off;
    }
    return found;
  }
}
