// Runs beside the page's sound (AudioWorklet): what the microphone hears, as blocks of 16 kHz.

import { Blocks, Resampler } from "./sound";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

class Listener extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate);
  private readonly blocks = new Blocks();

  process(inputs: Float32Array[][]): boolean {
    const heard = inputs[0]?.[0];
    if (heard) for (const block of this.blocks.push(this.resampler.push(heard))) this.port.postMessage(block, [block.buffer]);
    return true;
  }
}

registerProcessor("xrdrama-listener", Listener);
