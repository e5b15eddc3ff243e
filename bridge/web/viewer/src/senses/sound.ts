// Sound for the show's recogniser: resampled to 16 kHz, cut into blocks, with the header of the wire.

export const RATE = 16_000;
export const BLOCK = 1600; // samples: 100 ms
const HALF = 8; // zero crossings of the filter on each side
const PHASES = 128;

/** Resamples a stream of blocks to 16 kHz with a windowed sinc. */
export class Resampler {
  private readonly step: number;
  private readonly half: number;
  private readonly table: Float32Array[] = [];
  private kept: Float32Array;
  private at: number;

  constructor(rate: number) {
    this.step = rate / RATE;
    const wide = Math.max(1, this.step); // below both Nyquist frequencies
    this.half = Math.ceil(HALF * wide);
    for (let phase = 0; phase <= PHASES; phase++) {
      const taps = new Float32Array(2 * this.half);
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap++) {
        const x = (tap - this.half + 1 - phase / PHASES) / wide;
        const window = Math.abs(x) < HALF ? 0.5 + 0.5 * Math.cos((Math.PI * x) / HALF) : 0;
        taps[tap] = window * (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
        sum += taps[tap]!;
      }
      this.table.push(taps.map((tap) => tap / sum));
    }
    this.kept = new Float32Array(this.half);
    this.at = this.half - 1;
  }

  push(block: Float32Array): Float32Array {
    const input = new Float32Array(this.kept.length + block.length);
    input.set(this.kept);
    input.set(block, this.kept.length);
    const out: number[] = [];
    for (; Math.floor(this.at) + this.half < input.length; this.at += this.step) {
      const whole = Math.floor(this.at);
      const taps = this.table[Math.round((this.at - whole) * PHASES)]!;
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap++) sum += taps[tap]! * input[whole - this.half + 1 + tap]!;
      out.push(sum);
    }
    const first = Math.max(0, Math.floor(this.at) - this.half + 1);
    this.kept = input.slice(first);
    this.at -= first;
    return Float32Array.from(out);
  }
}

/** Collects samples into blocks of 16-bit integers. */
export class Blocks {
  private block = new Int16Array(BLOCK);
  private filled = 0;

  push(samples: Float32Array): Int16Array[] {
    const done: Int16Array[] = [];
    for (const sample of samples) {
      this.block[this.filled++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
      if (this.filled < BLOCK) continue;
      done.push(this.block);
      this.block = new Int16Array(BLOCK);
      this.filled = 0;
    }
    return done;
  }
}

export const SOUND = 1;
export const PICTURE = 2;

/** A message of xrdrama/wire/senses.py: 8 bytes of header, and data. */
export function message(kind: number, milliseconds: number, data: ArrayBuffer | ArrayBufferView): ArrayBuffer {
  const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
  const out = new Uint8Array(8 + bytes.length);
  const view = new DataView(out.buffer);
  view.setUint8(0, kind);
  view.setUint8(1, 1);
  view.setUint32(4, Math.floor(milliseconds) % 2 ** 32, true);
  out.set(bytes, 8);
  return out.buffer;
}
