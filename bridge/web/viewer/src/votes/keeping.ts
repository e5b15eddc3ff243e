import type { Head, Receipt } from "../protocol";

/** A vote of this browser, with the proof that it is in the log. */
export interface KeptVote {
  /** The nonce: used once. */
  id: string;
  run: string;
  /** The public key of the log, in hex. */
  log: string;
  show: string;
  choice: string;
  /** The text of the option. */
  option: string;
  receipt: Receipt;
  /** The newest head that is known to begin with that of the receipt. */
  newest: Head;
  /** Why the show did not count it; empty where it did. */
  refused: string;
}

/** The keys and votes of this browser (IndexedDB). Private keys cannot be read, by nobody's script. */
export class Keeping {
  private constructor(private readonly db: IDBDatabase) {}

  /** Rejects where the browser keeps nothing, as in some private windows. */
  static open(name = "xrdrama-votes"): Promise<Keeping> {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("keys");
        asked.result.createObjectStore("votes", { keyPath: "id" });
      };
      asked.onsuccess = () => resolve(new Keeping(asked.result));
      asked.onerror = () => reject(asked.error);
      asked.onblocked = () => reject(new Error("blocked"));
    });
  }

  /** The pair of keys of a run: the kept one, else `made`, which is kept. Two tabs get the same. */
  keyOf(run: string, made: CryptoKeyPair): Promise<CryptoKeyPair> {
    return this.within("keys", "readwrite", (store, done) => {
      const found = store.get(run);
      found.onsuccess = () => {
        const pair = (found.result as CryptoKeyPair | undefined) ?? made;
        if (pair === made) store.put(made, run);
        done(pair);
      };
    });
  }

  known(run: string): Promise<CryptoKeyPair | undefined> {
    return this.within("keys", "readonly", (store, done) => {
      const found = store.get(run);
      found.onsuccess = () => done(found.result as CryptoKeyPair | undefined);
    });
  }

  forgetKey(run: string): Promise<void> {
    return this.within("keys", "readwrite", (store, done) => {
      store.delete(run).onsuccess = () => done(undefined);
    });
  }

  keep(vote: KeptVote): Promise<void> {
    return this.within("votes", "readwrite", (store, done) => {
      store.put(vote).onsuccess = () => done(undefined);
    });
  }

  votes(): Promise<KeptVote[]> {
    return this.within("votes", "readonly", (store, done) => {
      const found = store.getAll();
      found.onsuccess = () => done(found.result as KeptVote[]);
    });
  }

  /** What `act` calls `done` with, once it is stored. */
  private within<T>(name: string, mode: IDBTransactionMode, act: (store: IDBObjectStore, done: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction(name, mode);
      let value: T;
      transaction.oncomplete = () => resolve(value);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("not stored"));
      act(transaction.objectStore(name), (found) => (value = found));
    });
  }
}
