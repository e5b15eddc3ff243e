/** Why an entry was not sent: the choice it belongs to has closed, or it has waited for too long. */
export type Lapse = "closed" | "expired";

/** A request of this page that has not been answered. */
export interface Entry {
  message: { id: number; do: string; [name: string]: unknown };
  /** The choice that it belongs to; empty for none. */
  choice: string;
  /** Milliseconds since 1970. */
  expires: number;
  sent: boolean;
}

/** Where entries are kept while the page is loaded again; the browser's sessionStorage. */
export type Kept = Pick<Storage, "getItem" | "setItem">;

const NAME = "outbox";
const LAST = "last-id";

/**
 * Requests until they are answered. An id is larger than every id before, also after the page was
 * loaded again: the server counts a request that comes twice once.
 */
export class Outbox {
  private entries: Entry[] = [];
  private last = 0;

  constructor(private readonly kept: Kept, private readonly now: () => number = Date.now) {
    try {
      this.entries = JSON.parse(kept.getItem(NAME) ?? "[]") as Entry[];
      this.last = Number(kept.getItem(LAST) ?? 0) || 0;
    } catch {
      this.entries = [];
    }
  }

  /** Add a request that may be sent for some seconds. */
  add(message: { do: string; [name: string]: unknown }, choice: string, seconds: number): Entry {
    this.last = Math.max(this.now(), this.last + 1);
    const entry = {
      message: { ...message, id: this.last },
      choice,
      expires: this.now() + seconds * 1000,
      sent: false,
    };
    this.entries.push(entry);
    this.keep();
    return entry;
  }

  /** The entry has an answer, or none is waited for. */
  remove(id: number): Entry | undefined {
    const found = this.entries.find((entry) => entry.message.id === id);
    this.entries = this.entries.filter((entry) => entry !== found);
    if (found) this.keep();
    return found;
  }

  markSent(entry: Entry): void {
    entry.sent = true;
    this.keep();
  }

  get waiting(): readonly Entry[] {
    return this.entries;
  }

  /**
   * After a lost connection: what is to be sent again, and what is not to be sent any more. An
   * option of the same name in another choice must never be picked by an old request.
   */
  reconcile(choice: string): { again: Entry[]; lapsed: { entry: Entry; why: Lapse }[] } {
    const again: Entry[] = [];
    const lapsed: { entry: Entry; why: Lapse }[] = [];
    for (const entry of this.entries) {
      if (entry.choice && entry.choice !== choice) lapsed.push({ entry, why: "closed" });
      else if (entry.expires < this.now()) lapsed.push({ entry, why: "expired" });
      else again.push(entry);
    }
    this.entries = again;
    this.keep();
    return { again, lapsed };
  }

  private keep(): void {
    try {
      this.kept.setItem(NAME, JSON.stringify(this.entries));
      this.kept.setItem(LAST, String(this.last));
    } catch {
      // A private window may have no storage: the entries are lost when the page is loaded again.
    }
  }
}
