const KEPT = 40; // messages whose delay is compared
const JUMP = 0.5; // seconds; a larger difference is a new time, not a delay
const SILENT = 3; // seconds without a message after which the time stops

/** The show's time between two messages. Delays differ; the message with the least is the best. */
export class ShowClock {
  private offsets: number[] = [];
  private best = 0;
  private heard = -Infinity;
  private last = 0;

  /** A message said that the show is at `seconds`; `at` is the time here, in seconds. */
  hear(seconds: number, at: number): void {
    const offset = seconds - at;
    if (this.offsets.length && Math.abs(offset - this.best) > JUMP) this.offsets = [];
    this.offsets.push(offset);
    if (this.offsets.length > KEPT) this.offsets.shift();
    this.best = Math.max(...this.offsets);
    this.heard = at;
  }

  /** Seconds of the show at a time here. It stops where no message comes. */
  now(at: number): number {
    if (!this.offsets.length) return 0;
    const seconds = Math.min(at, this.heard + SILENT) + this.best;
    // Small corrections must not turn a picture back.
    if (this.last - seconds < JUMP) this.last = Math.max(this.last, seconds);
    else this.last = seconds;
    return this.last;
  }

  get isRunning(): boolean {
    return this.offsets.length > 0;
  }
}
