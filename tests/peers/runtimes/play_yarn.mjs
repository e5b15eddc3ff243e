// yarn-bound, which plays Yarn 2: node play_yarn.mjs STORY.yarn
import { readFileSync } from "node:fs";
import YarnBound from "yarn-bound";
import { play } from "./playing.mjs";

const Runner = YarnBound.default ?? YarnBound;
const runner = new Runner({ dialogue: readFileSync(process.argv[2], "utf8"), startAt: "Start" });
let available = [];

function texts() {
  const lines = [];
  while (!runner.currentResult.options) {
    const { text, markup } = runner.currentResult;
    const who = markup?.find((one) => one.name === "character")?.properties.name;
    lines.push(who ? `${who}: ${text}` : text);
    runner.advance();
  }
  available = [...runner.currentResult.options.entries()].filter(([, one]) => one.isAvailable);
  return { lines, options: available.map(([, one]) => one.text.trim()) };
}

play(texts, (n) => {
  runner.advance(available[n][0]);
  return texts();
});
