// Where lines of captions and cards break: the rule of the wall
// (xrdrama/adapters/panda/lettering/text/breaking.py), with the browser's own measure of text.

/** The width of a stretch of text (start and end in UTF-16 units), in em. */
export type Measure = (start: number, end: number) => number;

export interface Wrapped {
  /** Start and end of each line, without spaces at the ends. */
  places: [number, number][];
  /** True if a word had to be broken. */
  broken: boolean;
}

const STOPS = "，。！？；：、…”";
const TRIES = 7;
const MEASURE = 22;
const WIDE_MEASURE = 18;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u;

// Spaces stay with the word before, closing marks too, and opening ones with the word after.
const JOINED = /^(?![¿¡])[\s\p{Pe}\p{Pf}\p{Po}ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ’'”%‰-]/u;
const OPENS = /([\p{Ps}\p{Pi}¿¡]\s*|[\u00a0\u202f\u2060])$/u;
const LETTER_ENDS = /[\p{L}\p{N}\p{Pe}\p{Po}'’]$/u;
const LETTER_BEGINS = /^[\p{L}\p{N}]/u;
/** Scripts that are written without spaces between words. */
const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The text of each line, in a place of `room` em: at a glance a line has 22 em, or 18 of wide characters. */
export function wrap(text: string, language: string, room: number, measure: Measure, indent = 0): string[] {
  const wide = isWide(text);
  const segments = segmentsOf(text, language);
  const least = Math.max(1, room);
  let lines = wrapped(text, segments, Math.min(least, wide ? WIDE_MEASURE : MEASURE), measure, indent, wide);
  if (lines.places.length > 2 || lines.broken) lines = wrapped(text, segments, least, measure, indent, wide);
  return lines.places.map(([start, end]) => text.slice(start, end));
}

/** True for texts whose lines end best after punctuation: more than a third are CJK characters. */
export function isWide(text: string): boolean {
  const characters = [...text];
  return characters.filter((one) => CJK.test(one)).length > characters.length / 3;
}

/** As few lines as fit, about equally long. `segments` end where a line may end. */
export function wrapped(
  text: string, segments: readonly number[], width: number, measure: Measure, indent = 0, wide = false,
): Wrapped {
  const most = filled(text, segments, width, measure, indent);
  const count = most.places.length;
  if (count === 1) return most;
  if (wide && count === 2) {
    const stop = stopOf(text, segments, width, measure, indent);
    if (stop !== null) return { places: [[0, stop], [stop, text.length]], broken: most.broken };
  }
  let [low, high, best] = [width / count, width, most];
  for (let i = 0; i < TRIES; i++) {
    const middle = (low + high) / 2;
    const lines = filled(text, segments, middle, measure, indent);
    if (lines.places.length <= count && lines.broken === most.broken) [best, high] = [lines, middle];
    else low = middle;
  }
  return best;
}

/** Lines as full as `width` lets them; the first one has `indent` less. */
export function filled(
  text: string, segments: readonly number[], width: number, measure: Measure, indent = 0,
): Wrapped {
  const places: [number, number][] = [];
  let [start, used, broken, begin] = [0, indent, false, 0];
  for (const end of segments) {
    let whole = measure(begin, end);
    const ink = measure(begin, inkEnd(text, begin, end));
    if (used + ink > width && begin > start) {
      places.push([start, inkEnd(text, start, begin)]);
      [start, used] = [begin, 0];
    }
    if (used + ink > width) {
      broken = true;
      if (used && begin === start && ink <= width) {
        places.push([start, start]); // nothing fits beside the indent
        used = 0;
      } else {
        for (const cut of pieces(text, begin, end, width, used, measure)) {
          places.push([start, cut]);
          start = cut;
        }
        [used, whole] = [0, measure(start, end)];
      }
    }
    used += whole;
    begin = end;
  }
  const last = inkEnd(text, start, text.length);
  if (last > start || !places.length) places.push([start, last]);
  return { places, broken };
}

/**
 * Ends of the stretches between places where a line may break. Browsers do not offer Unicode's rule
 * (UAX 14), so this is a smaller one: it gives what ICU gives for the texts of its tests. Japanese
 * and Thai break between words, where the wall breaks between phrases.
 */
export function segmentsOf(text: string, language: string): number[] {
  const found: number[] = [];
  for (const [start, end] of unitsOf(text, language)) {
    const before = text.slice(0, start);
    const unit = text.slice(start, end);
    const joined = JOINED.test(unit);
    const opens = OPENS.test(before);
    const letters = LETTER_ENDS.test(before) && LETTER_BEGINS.test(unit);
    const whole = letters && !NO_SPACES.test(before.slice(-1)) && !NO_SPACES.test(unit[0]!);
    if (found.length && (joined || opens || whole)) found[found.length - 1] = end;
    else found.push(end);
  }
  return found;
}

/** Words, and in Chinese single characters. */
function* unitsOf(text: string, language: string): Generator<[number, number]> {
  const words = new Intl.Segmenter(language || "en", { granularity: "word" });
  const characters = new Intl.Segmenter(language || "en", { granularity: "grapheme" });
  const japanese = language.split("-")[0] === "ja";
  for (const { segment, index } of words.segment(text)) {
    if (japanese || !/\p{Script=Han}/u.test(segment)) {
      yield [index, index + segment.length];
      continue;
    }
    for (const one of characters.segment(segment))
      yield [index + one.index, index + one.index + one.segment.length];
  }
}

function inkEnd(text: string, start: number, found: number): number {
  let end = found;
  while (end > start && /\s/u.test(text[end - 1]!)) end--;
  return end;
}

/** Where to break a word that is longer than a line: between what a reader sees as characters. */
function pieces(
  text: string, begin: number, end: number, width: number, used: number, measure: Measure,
): number[] {
  const cuts: number[] = [];
  let [start, at, taken] = [begin, begin, used];
  const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of characters.segment(text.slice(begin, end))) {
    const ink = measure(at, inkEnd(text, at, at + segment.length));
    if (taken + ink > width && at > start) {
      cuts.push(at);
      [start, taken] = [at, 0];
    }
    taken += measure(at, at + segment.length);
    at += segment.length;
  }
  return cuts;
}

/** The punctuation nearest to the middle of a text after which two lines fit. */
function stopOf(
  text: string, segments: readonly number[], width: number, measure: Measure, indent: number,
): number | null {
  const middle = text.length / 2;
  const ends = [...segments].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  for (const end of ends) {
    if (Math.abs(end - middle) > 5) return null;
    if (
      end < text.length && STOPS.includes(text[end - 1]!) &&
      indent + measure(0, end) <= width && measure(end, text.length) <= width
    ) return end;
  }
  return null;
}
