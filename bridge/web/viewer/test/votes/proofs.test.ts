import { expect, test } from "vitest";
import { textOf } from "../../src/votes/ballot";
import { consistent, hasSigned, holds, included, isSigned } from "../../src/votes/proofs";
import vectors from "./vectors.json";

// The vectors are made by xrdrama/ledger; tests/tools/votes/test_vectors.py makes them again.
const { key, leaves, heads, inclusion, consistency } = vectors;

test("every inclusion proof holds, and for no other leaf, index, root or path", async () => {
  for (const { size, root } of heads)
    for (let index = 0; index < size; index += 1) {
      const path = inclusion[size - 1]![index]!;
      expect(await included(leaves[index]!, index, size, path, root)).toBe(true);
      expect(await included(leaves[(index + 1) % 7]!, index, size, path, root)).toBe(false);
      expect(await included(leaves[index]!, index, size, [...path, root], root)).toBe(false);
      expect(await included(leaves[index]!, size, size, path, root)).toBe(false);
      if (size > 1) expect(await included(leaves[index]!, (index + 1) % size, size, path, root)).toBe(false);
    }
});

test("every consistency proof holds, and for no other head", async () => {
  for (const later of heads)
    for (const earlier of heads.slice(0, later.size)) {
      const path = consistency[later.size - 1]![earlier.size - 1]!;
      const { size, root } = earlier;
      expect(await consistent(size, root, later.size, later.root, path)).toBe(true);
      expect(await consistent(size, leaves[0]!, later.size, later.root, path)).toBe(false);
      expect(await consistent(size, root, later.size, "00".repeat(32), path)).toBe(false);
      expect(await consistent(size, root, later.size, later.root, [...path, root])).toBe(false);
    }
});

test("signatures of heads, votes and receipts, and altered ones", async () => {
  for (const head of heads) {
    expect(await isSigned(head, key)).toBe(true);
    expect(await isSigned({ ...head, at: head.at + 1 }, key)).toBe(false);
  }
  for (const [index, line] of leaves.entries()) {
    const leaf = JSON.parse(line) as { vote: string; key: string; signature: string };
    expect(await hasSigned(leaf.key, leaf.signature, leaf.vote)).toBe(true);
    expect(await hasSigned(key, leaf.signature, leaf.vote)).toBe(false);
    expect(textOf("run-1", "pier/choice", "1850000000", index % 2 ? "医生" : "girl", `${index}`)).toBe(leaf.vote);
    const receipt = { leaf: line, index, head: heads[6]!, path: inclusion[6]![index]! };
    expect(await holds(receipt, key)).toBe(true);
    expect(await holds({ ...receipt, index: (index + 1) % 7 }, key)).toBe(false);
    expect(await holds(receipt, leaf.key)).toBe(false);
  }
  expect(await hasSigned("04", "00", "x")).toBe(false);
});
