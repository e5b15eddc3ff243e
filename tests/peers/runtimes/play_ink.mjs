// inkjs: node play_ink.mjs STORY.json
import { readFileSync } from "node:fs";
import { Story } from "inkjs";
import { play } from "./playing.mjs";

const story = new Story(readFileSync(process.argv[2], "utf8"));

function texts() {
  const lines = [];
  while (story.canContinue) lines.push(story.Continue().trim());
  return { lines, options: story.currentChoices.map((choice) => choice.text) };
}

play(texts, (n) => {
  story.ChooseChoiceIndex(n);
  return texts();
});
