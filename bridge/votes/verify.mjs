// Verifies published votes without xrdrama: node verify.mjs FOLDER
// Prints {"leaves","valid","first_fault","result","unsigned","uncounted"}; exits with 1 if a vote, a
// signature, a root or a result is wrong, with 2 if the folder cannot be read. Needs Node 18 or
// later and nothing else.
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

/** The public key of P-256, 65 bytes in hex, in the form that Node reads (RFC 5480). */
function publicKey(hex) {
  const head = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
  return createPublicKey({ key: Buffer.from(head + hex, "hex"), format: "der", type: "spki" });
}

function signed(text, key, signature) {
  try {
    const how = { key: publicKey(key), dsaEncoding: "ieee-p1363" };
    return verify("sha256", Buffer.from(text), how, Buffer.from(signature, "hex"));
  } catch {
    return false;
  }
}

const isHex = (text, bytes) => typeof text === "string" && new RegExp(`^[0-9a-f]{${2 * bytes}}$`).test(text);
const isKey = (text) => isHex(text, 65) && text.startsWith("04");
const isName = (text) => typeof text === "string" && [...text].length >= 1 && [...text].length <= 64;

/** The vote of a leaf, or what is wrong with it. */
function read(line) {
  let leaf, vote;
  try {
    leaf = JSON.parse(line);
    vote = JSON.parse(leaf.vote);
  } catch {
    return { fault: "not a signed vote" };
  }
  const { key, signature, group } = leaf;
  if (!isKey(key) || !isHex(signature, 64)) return { fault: "not a signed vote" };
  if (JSON.stringify({ vote: leaf.vote, key, signature, group }) !== line) return { fault: "not in its one form" };
  if (group !== "" && !isName(group)) return { fault: "not a signed vote" };
  const isVote = Array.isArray(vote) && vote.length === 6 && vote.every(isName);
  if (!isVote || vote[0] !== "xrdrama vote 1" || JSON.stringify(vote) !== leaf.vote)
    return { fault: "not a vote in its one form" };
  const [, run, choice, opening, option, nonce] = vote;
  if (!/^[0-9]{1,19}$/.test(opening)) return { fault: "not a vote in its one form" };
  const fault = signed(leaf.vote, key, signature) ? "" : "the signature of this vote is wrong";
  return { fault, key, group, run, choice, opening, option, nonce };
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

/** Sorts as Python does: by code points, not by UTF-16 units. */
const byCodePoint = (one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Counts by the names that are printed: with several choices or openings choice/opening/option. */
function named(counts) {
  const rows = [];
  for (const [place, options] of counts)
    for (const [option, count] of Object.entries(options))
      rows.push([counts.size > 1 ? [...JSON.parse(place), option].join("/") : option, count]);
  return Object.fromEntries(rows.sort(([one], [other]) => byCodePoint(one, other)));
}

/** The signed votes of each opening: one of each key, in the weight of its group. */
function count(log, votes) {
  const given = new Map();
  for (const vote of votes) {
    const rule = log.choices?.[vote.choice] ?? {};
    const place = JSON.stringify([vote.choice, vote.opening, vote.key]);
    if (rule.changes === "first" && given.has(place)) continue;
    given.set(place, { ...vote, weight: rule.weights?.[vote.group] ?? 1 });
  }
  const counts = new Map();
  for (const { choice, opening, option, weight } of given.values()) {
    const place = JSON.stringify([choice, opening]);
    if (!counts.has(place)) counts.set(place, Object.create(null));
    const options = counts.get(place);
    options[option] = (options[option] ?? 0) + weight;
  }
  return counts;
}

/** Whether the results that the show had follow from the votes. */
function areRight(log, counts, leaves) {
  if (Object.keys(log.uncounted ?? {}).some((index) => Number(index) >= leaves)) return false;
  return (log.decided ?? []).every((one) => {
    const votes = counts.get(JSON.stringify([one.choice, one.opening])) ?? {};
    const unsigned = one.unsigned ?? {};
    const options = new Set([...Object.keys(one.counts), ...Object.keys(votes), ...Object.keys(unsigned)]);
    return [...options].every((id) => (votes[id] ?? 0) + (unsigned[id] ?? 0) === (one.counts[id] ?? 0));
  });
}

function main(folder) {
  const log = JSON.parse(readFileSync(join(folder, "votes.json"), "utf8"));
  if (log.version !== 1) throw new Error(`votes.json has version ${log.version}; this program reads 1`);
  const leaves = lines(join(folder, "leaves.jsonl"));
  const heads = lines(join(folder, "heads.jsonl")).map((line) => JSON.parse(line));
  let first = Infinity;
  const seen = new Set();
  const votes = [];
  leaves.forEach((line, index) => {
    const vote = read(line);
    const once = `${vote.key} ${vote.nonce}`;
    if (vote.fault || vote.run !== log.run || seen.has(once)) first = Math.min(first, index);
    if (vote.choice === undefined) return;
    seen.add(once);
    if (!(index in (log.uncounted ?? {}))) votes.push(vote);
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
  const counts = count(log, votes);
  const unsigned = new Map();
  for (const one of log.decided ?? [])
    if (Object.keys(one.unsigned ?? {}).length) unsigned.set(JSON.stringify([one.choice, one.opening]), one.unsigned);
  const valid = first === Infinity && areRight(log, counts, leaves.length);
  const verdict = {
    leaves: leaves.length,
    valid,
    first_fault: first === Infinity ? null : first,
    result: named(counts),
    unsigned: named(unsigned),
    uncounted: Object.keys(log.uncounted ?? {}).length,
  };
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
