import type { Head, Receipt } from "../protocol";

/** Proofs of a log of votes (RFC 9162, SHA-256), as xrdrama/ledger/tree.py has them. */
type Bytes = Uint8Array<ArrayBuffer>;

const text = (words: string): Bytes => new TextEncoder().encode(words) as Bytes;

export function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toHex(bytes: ArrayBuffer | Bytes): string {
  return [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

async function hash(...parts: Bytes[]): Promise<string> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return toHex(await crypto.subtle.digest("SHA-256", all));
}

export const leafHash = (leaf: string): Promise<string> => hash(Uint8Array.of(0), text(leaf));
const nodeHash = (left: string, right: string): Promise<string> => hash(Uint8Array.of(1), fromHex(left), fromHex(right));

/** Whether a proof shows that the leaf has this index in the tree of this size and root (2.1.3.2). */
export async function included(leaf: string, index: number, size: number, path: readonly string[], root: string): Promise<boolean> {
  if (index < 0 || index >= size) return false;
  let [number, last, found] = [index, size - 1, await leafHash(leaf)];
  for (const one of path) {
    if (last === 0) return false;
    if (number % 2 || number === last) {
      found = await nodeHash(one, found);
      while (!(number % 2) && number) [number, last] = [Math.floor(number / 2), Math.floor(last / 2)];
    } else found = await nodeHash(found, one);
    [number, last] = [Math.floor(number / 2), Math.floor(last / 2)];
  }
  return last === 0 && found === root;
}

/** Whether a proof shows that the second tree begins with the first (2.1.4.2). */
export async function consistent(first: number, firstRoot: string, second: number, secondRoot: string, path: readonly string[]): Promise<boolean> {
  if (first < 1 || first > second) return false;
  if (first === second) return !path.length && firstRoot === secondRoot;
  const isPower = (first & (first - 1)) === 0;
  const [start, ...rest] = isPower ? [firstRoot, ...path] : path;
  if (start === undefined) return false;
  let [number, last] = [first - 1, second - 1];
  while (number % 2) [number, last] = [Math.floor(number / 2), Math.floor(last / 2)];
  let [before, after] = [start, start];
  for (const one of rest) {
    if (last === 0) return false;
    if (number % 2 || number === last) {
      [before, after] = [await nodeHash(one, before), await nodeHash(one, after)];
      while (!(number % 2) && number) [number, last] = [Math.floor(number / 2), Math.floor(last / 2)];
    } else after = await nodeHash(after, one);
    [number, last] = [Math.floor(number / 2), Math.floor(last / 2)];
  }
  return last === 0 && before === firstRoot && after === secondRoot;
}

/** Whether a key (P-256, in hex) has signed a text. */
export async function hasSigned(key: string, signature: string, words: string): Promise<boolean> {
  try {
    const read = await crypto.subtle.importKey("raw", fromHex(key), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, read, fromHex(signature), text(words));
  } catch {
    return false;
  }
}

/** Whether the log's key has signed a head. */
export function isSigned(head: Head, key: string): Promise<boolean> {
  return hasSigned(key, head.signature, JSON.stringify(["xrdrama head 1", head.run, head.size, head.root, head.at]));
}

/** Whether a receipt proves that the leaf is in the log of the key. */
export async function holds(receipt: Receipt, key: string): Promise<boolean> {
  const { leaf, index, head, path } = receipt;
  return (await isSigned(head, key)) && included(leaf, index, head.size, path, head.root);
}
