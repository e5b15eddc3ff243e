// Loads the sets of the next beats into the browser's cache, so that a cut or a cross-fade has them.

/** The files of a compiled set, at /sets/HASH/. */
const FILES = ["scene.json", "set.glb"] as const;
const SLOW = new Set(["slow-2g", "2g"]);

interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

/** Whether this network is for what is needed now only: a viewer who saves data, or a slow one. */
export function isSparing({ saveData, effectiveType }: Connection): boolean {
  return saveData === true || SLOW.has(effectiveType ?? "");
}

/** One set at a time, each once; what fails is asked for again when it is wanted again. */
export class Ahead {
  private wanted: readonly string[] = [];
  private readonly done = new Set<string>();
  private busy = false;

  constructor(
    private readonly get: (url: string) => Promise<unknown> = fetched,
    private readonly connection: () => Connection = () => (navigator as { connection?: Connection }).connection ?? {},
  ) {}

  /** `hashes`: nearest first. Call it once the set that is shown is there: that one comes first. */
  want(hashes: readonly string[]): void {
    this.wanted = hashes;
    if (!this.busy) void this.load();
  }

  private async load(): Promise<void> {
    this.busy = true;
    const failed = new Set<string>();
    for (;;) {
      const hash = this.wanted.find((one) => !this.done.has(one) && !failed.has(one));
      if (hash === undefined || isSparing(this.connection())) break;
      try {
        for (const name of FILES) await this.get(`/sets/${encodeURIComponent(hash)}/${name}`);
        this.done.add(hash);
      } catch {
        failed.add(hash); // it is loaded when it is shown, and that says what is wrong
      }
    }
    this.busy = false;
  }
}

async function fetched(url: string): Promise<void> {
  const answer = await fetch(url, { priority: "low" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  await answer.arrayBuffer();
}
