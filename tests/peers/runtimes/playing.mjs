// Plays batches of choices, as asked on stdin, and prints the times: what all runtimes of Node share.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

// `start()` begins the story and returns its texts up to the first choice; `choose(n)` picks the
// nth available option and returns the texts up to the next one. Texts: {lines, options}.
export function play(start, choose) {
  let offered = start();
  let picks = 0;
  createInterface({ input: process.stdin }).on("line", (line) => {
    const count = Number(line);
    const times = new Float64Array(count);
    const texts = [];
    for (let i = 0; i < count; i++) {
      const n = (picks + (picks >> 3) + (picks >> 7)) % offered.options.length;
      const began = process.hrtime.bigint();
      offered = choose(n);
      times[i] = Number(process.hrtime.bigint() - began);
      texts.push(...offered.lines, ...offered.options);
      picks++;
    }
    times.sort();
    const digest = createHash("sha256").update(texts.join("\n")).digest("hex");
    console.log(JSON.stringify({ median_ns: times[count >> 1], digest, last: texts.slice(-4) }));
  });
}
