import type { BallotNow, OptionNow, Proof, Receipt, SignedVote, State, Tally } from "../protocol";
import { Keeping, type KeptVote } from "./keeping";
import { consistent, holds, included, isSigned, toHex } from "./proofs";

/** Why votes of this page are not signed; empty where they are. */
export type Unsigned = "" | "insecure" | "not kept";

/** A signed vote, before it has an id. */
export type Signed = Omit<SignedVote, "id">;

/** A request for a proof, and its answer. */
export type Ask = (message: { do: string; [name: string]: unknown }) => Promise<Partial<Proof>>;

/** How a kept vote stands: proved now, proved by its receipt alone, or wrong. */
export type Standing = "proved" | "kept" | "wrong";

const HOW = { name: "ECDSA", namedCurve: "P-256" };

/** Whether a pick of an option is a vote. */
export function isVote(option: OptionNow): boolean {
  return option.on.includes("vote") && !option.on.includes("button");
}

/** What is signed: as xrdrama/ledger/votes.py has it. */
export function textOf(run: string, choice: string, opening: string, option: string, nonce: string): string {
  return JSON.stringify(["xrdrama vote 1", run, choice, opening, option, nonce]);
}

/** Signs the votes of this browser, and keeps and checks their receipts. */
export class Ballot {
  unsigned: Unsigned = "";
  votes: KeptVote[] = [];
  private opening: Promise<Keeping | undefined> | undefined;
  private readonly keys = new Map<string, Promise<CryptoKeyPair | undefined>>();

  /** Open what is kept; the votes of earlier pages are there afterwards. */
  start(): Promise<Keeping | undefined> {
    this.opening ??= this.open();
    return this.opening;
  }

  private async open(): Promise<Keeping | undefined> {
    if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
      this.unsigned = "insecure";
      return undefined;
    }
    try {
      const keeping = await Keeping.open();
      this.votes = (await keeping.votes()).sort((one, other) => one.receipt.head.at - other.receipt.head.at);
      return keeping;
    } catch {
      this.unsigned = "not kept";
      return undefined;
    }
  }

  private pair(run: string): Promise<CryptoKeyPair | undefined> {
    let found = this.keys.get(run);
    if (!found) this.keys.set(run, (found = this.makePair(run)));
    return found;
  }

  private async makePair(run: string): Promise<CryptoKeyPair | undefined> {
    const keeping = await this.start();
    if (!keeping) return undefined;
    try {
      const known = await keeping.known(run);
      return known ?? (await keeping.keyOf(run, await crypto.subtle.generateKey(HOW, false, ["sign", "verify"])));
    } catch {
      this.unsigned = "not kept";
      return undefined;
    }
  }

  /** The signed vote for an option, or undefined where this page or this show cannot sign. */
  async sign(option: string, state: { ballot?: BallotNow | null; tally?: Tally | null }): Promise<Signed | undefined> {
    const { ballot, tally } = state;
    if (!ballot || !tally || tally.phase !== "open") return undefined;
    const pair = await this.pair(ballot.run);
    if (!pair) return undefined;
    const nonce = toHex(crypto.getRandomValues(new Uint8Array(16)));
    const opening = String(tally.opening);
    const text = new TextEncoder().encode(textOf(ballot.run, tally.choice, opening, option, nonce));
    const [key, signature] = await Promise.all([
      crypto.subtle.exportKey("raw", pair.publicKey),
      crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, text),
    ]);
    return { do: "vote", run: ballot.run, choice: tally.choice, opening, option, nonce, key: toHex(key), signature: toHex(signature) };
  }

  /** Another viewer has the key of a run: make a new one. */
  async forgetKey(run: string): Promise<void> {
    this.keys.delete(run);
    await (await this.start())?.forgetKey(run);
  }

  /** Keep the receipt of a vote; false where it does not prove that this vote is in the log. */
  async keep(vote: Signed, receipt: Receipt, ballot: BallotNow, show: string, option: string): Promise<boolean> {
    const leaf = JSON.parse(receipt.leaf) as { vote?: unknown; key?: unknown };
    const mine = leaf.vote === textOf(vote.run, vote.choice, vote.opening, vote.option, vote.nonce) && leaf.key === vote.key;
    if (!mine || receipt.head.run !== ballot.run || !(await holds(receipt, ballot.key))) return false;
    const kept: KeptVote = {
      id: vote.nonce, run: vote.run, log: ballot.key, show, choice: vote.choice, option, receipt, newest: receipt.head, refused: "",
    };
    this.votes = [...this.votes.filter((one) => one.id !== kept.id), kept];
    await (await this.start())?.keep(kept);
    return true;
  }

  /** The show did not count a vote. */
  async refuse(nonce: string, why: string): Promise<void> {
    const vote = this.votes.find((one) => one.id === nonce);
    if (!vote) return;
    vote.refused = why;
    await (await this.start())?.keep(vote);
  }

  /** Check a kept vote: its receipt, and where the log answers, that the log has only grown since. */
  async check(vote: KeptVote, state: Partial<State>, ask: Ask): Promise<Standing> {
    const { receipt, newest } = vote;
    if (!(await holds(receipt, vote.log))) return "wrong";
    if (state.ballot?.run !== vote.run) return "kept";
    if (state.ballot.key !== vote.log) return "wrong";
    const { head, path, consistency } = await ask({ do: "proof", index: receipt.index, size: newest.size });
    if (!head || !path || !consistency) return "kept";
    const isGood =
      head.run === vote.run &&
      (await isSigned(head, vote.log)) &&
      (await included(receipt.leaf, receipt.index, head.size, path, head.root)) &&
      (await consistent(newest.size, newest.root, head.size, head.root, consistency));
    if (!isGood) return "wrong";
    vote.newest = head;
    await (await this.start())?.keep(vote);
    return "proved";
  }
}
