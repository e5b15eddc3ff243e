// node compile_ink.mjs STORY.ink STORY.json: inkjs's compiler.
import { readFileSync, writeFileSync } from "node:fs";
import { Compiler } from "inkjs/full";

const [, , source, target] = process.argv;
writeFileSync(target, new Compiler(readFileSync(source, "utf8")).Compile().ToJson());
