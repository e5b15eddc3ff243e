// Verifies published votes without xrdrama: node verify.mjs FOLDER
// Prints {"leaves","valid","first_fault","result"}; exits with 1 if a vote, a signature or a root
// is wrong, with 2 if the folder cannot be read. Needs Node 18 or later and nothing else.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const hash = (...parts) => {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
};
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** The public key of 32 bytes in hex, in the form that Node reads (RFC 8410). */
function publicKey(hex) {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(hex, "hex")]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

function signed(text, key, signature) {
  try {
    return verify(null, Buffer.from(text), publicKey(key), Buffer.from(signature, "hex"));
  } catch {
    return false;
  }
}

const isHex = (text, bytes) => typeof text === "string" && new RegExp(`^[0-9a-f]{${2 * bytes}}$`).test(text);

/** The vote of a leaf, or what is wrong with it. */
function read(line) {
  let leaf, vote;
  try {
    leaf = JSON.parse(line);
    vote = JSON.parse(leaf.vote);
  } catch {
    return { fault: "not a signed vote" };
  }
  const { key, signature } = leaf;
  if (!isHex(key, 32) || !isHex(signature, 64)) return { fault: "not a signed vote" };
  if (JSON.stringify({ vote: leaf.vote, key, signature }) !== line) return { fault: "not in its one form" };
  const isVote = Array.isArray(vote) && vote.length === 6 && vote.every((one) => typeof one === "string");
  if (!isVote || vote[0] !== "xrdrama vote 1" || JSON.stringify(vote) !== leaf.vote)
    return { fault: "not a vote in its one form" };
  const [, , choice, opening, option, nonce] = vote;
  const fault = signed(leaf.vote, key, signature) ? "" : "the signature of this vote is wrong";
  return { fault, key, choice, opening, option, nonce };
}

/** The root after each leaf, from the roots of complete subtrees. */
function* roots(lines) {
  const peaks = []; // [size, root], from the largest to the smallest
  yield hash();
  for (const line of lines) {
    peaks.push([1, hash(LEAF, Buffer.from(line))]);
    while (peaks.length > 1 && peaks.at(-1)[0] === peaks.at(-2)[0]) {
      const [size, right] = peaks.pop();
      const [, left] = peaks.pop();
      peaks.push([2 * size, hash(NODE, left, right)]);
    }
    let root = peaks.at(-1)[1];
    for (let n = peaks.length - 2; n >= 0; n -= 1) root = hash(NODE, peaks[n][1], root);
    yield root;
  }
}

function lines(path) {
  const rows = readFileSync(path, "utf8").split("\n");
  if (rows.at(-1) === "") rows.pop();
  return rows;
}

function main(folder) {
  const log = JSON.parse(readFileSync(join(folder, "votes.json"), "utf8"));
  const leaves = lines(join(folder, "leaves.jsonl"));
  const heads = lines(join(folder, "heads.jsonl")).map((line) => JSON.parse(line));
  let first = Infinity;
  const seen = new Set();
  const given = new Map();
  leaves.forEach((line, index) => {
    const vote = read(line);
    const once = `${vote.key} ${vote.nonce}`;
    if (vote.fault || seen.has(once)) first = Math.min(first, index);
    seen.add(once);
    if (vote.choice === undefined) return;
    const place = JSON.stringify([vote.choice, vote.opening, vote.key]);
    if (log.changes !== "first" || !given.has(place)) given.set(place, vote);
  });
  const all = [...roots(leaves)];
  let covered = 0;
  for (const head of heads.sort((one, other) => one.size - other.size)) {
    const text = JSON.stringify(["xrdrama head 1", head.run, head.size, head.root, head.at]);
    const good = head.run === log.run && signed(text, log.key, head.signature);
    if (!good || head.size > leaves.length || all[head.size].toString("hex") !== head.root) {
      first = Math.min(first, covered);
      break;
    }
    covered = head.size;
  }
  if (covered < leaves.length) first = Math.min(first, covered);
  const several = new Set([...given.values()].map((v) => JSON.stringify([v.choice, v.opening]))).size > 1;
  const result = {};
  for (const { choice, opening, option } of given.values()) {
    const name = several ? `${choice}/${opening}/${option}` : option;
    result[name] = (result[name] ?? 0) + 1;
  }
  const valid = first === Infinity;
  const verdict = { leaves: leaves.length, valid, first_fault: valid ? null : first, result };
  console.log(JSON.stringify(verdict));
  process.exitCode = valid ? 0 : 1;
}

try {
  if (process.argv.length !== 3) throw new Error("usage: node verify.mjs FOLDER");
  main(process.argv[2]);
} catch (error) {
  console.error(`verify: ${error.message}`);
  process.exitCode = 2;
}
