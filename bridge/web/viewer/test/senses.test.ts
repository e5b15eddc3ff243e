import { expect, test } from "vitest";
import { BLOCK, Blocks, message, RATE, Resampler } from "../src/senses/sound";

function tone(hertz: number, rate: number, seconds = 0.5): Float32Array {
  return Float32Array.from({ length: Math.round(rate * seconds) }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / rate));
}

function resampled(input: Float32Array, rate: number, size: number): Float32Array {
  const resampler = new Resampler(rate);
  const out: number[] = [];
  for (let at = 0; at < input.length; at += size) out.push(...resampler.push(input.slice(at, at + size)));
  return Float32Array.from(out);
}

const loudness = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);

test.each([48_000, 44_100, 16_000, 96_000, 8_000])("speech keeps its pitch, length and level from %i Hz", (rate) => {
  const out = resampled(tone(440, rate), rate, 128);
  expect(Math.abs(out.length - RATE / 2)).toBeLessThan(40);
  const middle = out.slice(200, -200);
  let error = 0;
  const best = [...Array(80).keys()].map((lag) => {
    error = 0;
    for (let n = 0; n < middle.length; n++) error = Math.max(error, Math.abs(middle[n]! - Math.sin((2 * Math.PI * 440 * (n + 200 - lag / 4)) / RATE)));
    return error;
  });
  expect(Math.min(...best)).toBeLessThan(0.08);
});

test("what 16 kHz cannot carry is taken out, not folded into speech", () => {
  expect(loudness(resampled(tone(11_000, 48_000), 48_000, 128).slice(100))).toBeLessThan(0.02);
  expect(loudness(resampled(tone(1000, 48_000), 48_000, 128).slice(100))).toBeGreaterThan(0.68);
});

test("the size of the blocks changes nothing", () => {
  const input = tone(700, 44_100);
  const whole = resampled(input, 44_100, input.length);
  const small = resampled(input, 44_100, 37);
  expect(small.length).toBe(whole.length);
  expect(small.every((one, n) => Math.abs(one - whole[n]!) < 1e-5)).toBe(true);
});

test("blocks are 100 ms of clipped integers, and wait until they are full", () => {
  const blocks = new Blocks();
  expect(blocks.push(new Float32Array(BLOCK - 1).fill(2))).toEqual([]);
  const [block] = blocks.push(Float32Array.from([-2, 0.5]));
  expect(block!.length).toBe(BLOCK);
  expect([block![0], block![BLOCK - 1]]).toEqual([32767, -32767]);
});

test("messages have the header of the wire", () => {
  const data = new Uint8Array(message(1, 70_000.9, new Int16Array([1, -2])));
  expect([...data]).toEqual([1, 1, 0, 0, 112, 17, 1, 0, 1, 0, 254, 255]);
  expect(new DataView(message(2, 2 ** 32 + 5, new ArrayBuffer(0))).getUint32(4, true)).toBe(5);
});
