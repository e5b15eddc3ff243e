// Breaks the page's captions and cards into lines by the rule of the wall, with the browser's measure.

import { wrap } from "./set/text";

let pen: CanvasRenderingContext2D | null | undefined;

interface Text {
  element: HTMLElement;
  text: string;
  language: string;
}

/** The texts of one part of the page. They are laid again when its size or its letters change. */
export class Lines {
  private texts: Text[] = [];
  private width = 0;

  /** `roomOf`: the width for a text, in pixels. */
  constructor(root: HTMLElement, private readonly roomOf: (element: HTMLElement) => number) {
    new ResizeObserver(() => {
      if (root.clientWidth !== this.width) this.again();
      this.width = root.clientWidth;
    }).observe(root);
  }

  /** Other texts are there now; their elements are in the page. */
  show(texts: Text[]): void {
    this.texts = texts;
    this.again();
  }

  /** Lay all texts: for another width, or another size of letters. */
  again(): void {
    for (const { element, text, language } of this.texts) {
      const laid = lay(element, text, language, this.roomOf(element));
      if (element.textContent !== laid) element.textContent = laid;
    }
  }
}

function lay(element: HTMLElement, text: string, language: string, width: number): string {
  pen ??= document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  if (!pen || !(width > 0) || !(size > 0)) return text;
  const drawn = pen;
  drawn.font = `${style.fontStyle} ${style.fontWeight} ${size}px ${style.fontFamily}`;
  // A pixel less: the page's own widths are rounded.
  const room = (width - 1) / size;
  return wrap(text, language, room, (start, end) => drawn.measureText(text.slice(start, end)).width / size).join("\n");
}
