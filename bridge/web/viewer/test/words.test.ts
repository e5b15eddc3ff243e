import { afterEach, expect, test } from "vitest";
import { LANGUAGES, lasting, refusal, speak, TABLES, word, type Word } from "../src/words";

afterEach(() => speak("en"));

const holes = (text: string): string[] => (text.match(/\{\d\}/g) ?? []).sort();

test("English and Simplified Chinese are there", () => {
  expect(LANGUAGES).toEqual(["en", "zh"]);
});

test("every word is in every language, with the same values", () => {
  for (const language of LANGUAGES) {
    const table = TABLES[language]!;
    expect(Object.keys(table).sort()).toEqual(Object.keys(TABLES["en"]!).sort());
    for (const [key, text] of Object.entries(table)) {
      expect([language, key, text.trim()]).not.toEqual([language, key, ""]);
      expect([key, holes(text)]).toEqual([key, holes(TABLES["en"]![key as Word])]);
    }
  }
});

test("a label is written again when the language changes, and only then", () => {
  const written: string[] = [];
  lasting(() => written.push(word("viewNow", "door")));
  speak("zh");
  speak("zh");
  speak("en");
  expect(written).toEqual(["View: door", "视角：door", "View: door"]);
});

test("a refusal is the server's text in English, and that of its code in Chinese", () => {
  expect(refusal("closed", "it is over")).toBe("it is over");
  speak("zh");
  expect(refusal("closed", "it is over")).toBe("现在不能选择此项。");
  expect(refusal("a_newer_code", "it is over")).toBe("it is over");
});
