// When a marker counts as found: seen in several frames in a row, and not again at once.

/** Frames in a row. The page looks at up to 15 frames a second, so this is a third of a second. */
export const FRAMES = 4;
/** Milliseconds without a marker after which it can be found again. */
export const GONE = 2500;

interface Seen {
  frames: number;
  last: number;
  found: boolean;
  closed: boolean;
}

/** Counts frames. `feed` is called for every frame that was looked at. */
export class Steady {
  private readonly seen = new Map<string, Seen>();
  private allowed: ReadonlySet<string> | undefined;
  /** Markers that the frame fed last has shown for long enough, but that open nothing now. */
  closed: string[] = [];

  constructor(private readonly frames = FRAMES) {}

  /** Only these can be found from now on; a marker that was in sight is counted again. */
  allow(names: Iterable<string>): void {
    const next = new Set(names);
    for (const name of [...this.seen.keys()]) {
      if (!this.allowed?.has(name) && next.has(name)) this.seen.delete(name);
    }
    this.allowed = next;
  }

  /** The markers that are found with this frame. `at` is in milliseconds. */
  feed(names: Iterable<string>, at: number): string[] {
    const now = new Set(names);
    const found: string[] = [];
    this.closed = [];
    for (const [name, seen] of this.seen) {
      if (now.has(name)) continue;
      seen.frames = 0;
      if (at - seen.last > GONE) this.seen.delete(name);
    }
    for (const name of now) {
      const seen = this.seen.get(name) ?? { frames: 0, last: at, found: false, closed: false };
      this.seen.set(name, seen);
      seen.frames++;
      seen.last = at;
      if (seen.found || seen.frames < this.frames) continue;
      if (this.allowed && !this.allowed.has(name)) {
        if (!seen.closed) this.closed.push(name);
        seen.closed = true;
        continue;
      }
      seen.found = true;
      found.push(name);
    }
    return found;
  }
}
