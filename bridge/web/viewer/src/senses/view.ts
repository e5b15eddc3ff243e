// The viewer's voice and hand on the page: a button for each, a lamp while it is on, what was understood.

import { el, say } from "../../../src/dom";
import type { State } from "../protocol";
import { lasting, word, type Word } from "../words";
import { openCamera, openMicrophone, Refused, type Device, type Sense } from "./devices";
import "./view.css";

type Message =
  | { is: "standing"; now: "loading" | "on" | "muted" | "slow" | "dead"; text: string }
  | { is: "understood"; verdict: string; text: string; heard: string };

const MOST_WAITING = 64 * 1024; // bytes that wait to be sent; more is dropped
const WORDS_LAST = 4000; // milliseconds
const START: Record<Sense, Word> = { voice: "speak", gesture: "showHand" };
const ON: Record<Sense, Word> = { voice: "listening", gesture: "looking" };
const STANDING: Record<string, Word> = { loading: "senseLoading", muted: "senseMuted", slow: "senseSlow", dead: "senseDead" };
const VERDICT: Record<string, Word> = {
  hearing: "senseHearing", candidate: "senseHeard", again: "senseAgain", unlikely: "senseUnlikely",
  nothing_open: "senseNothing", too_late: "senseLate", own_voice: "senseMuted",
};

/** One microphone or camera: everything of it is in `button` and `lamp`. */
class SenseView {
  readonly button = el("button", { class: "tool sense", type: "button", hidden: true });
  private readonly label = el("span");
  readonly lamp = el("button", { class: "sense-lamp", type: "button", hidden: true }, this.label);
  readonly words = el("p", { class: "sense-words", role: "status", hidden: true });
  private device: Device | undefined;
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private standing = "";

  constructor(readonly sense: Sense, private readonly notify: (text: string) => void) {
    this.button.onclick = () => void (this.isOn ? this.stop() : this.start());
    this.lamp.onclick = () => this.stop();
    this.button.dataset["sense"] = this.lamp.dataset["sense"] = sense;
    lasting(() => this.dress());
  }

  get isOn(): boolean {
    return this.socket !== undefined;
  }

  async start(): Promise<void> {
    this.button.disabled = true;
    try {
      await this.connect();
      const send = (data: ArrayBuffer): void => this.send(data);
      const open = this.sense === "voice" ? openMicrophone : openCamera;
      const device = await open(send, () => this.end(word("senseEnded")));
      if (!this.isOn) device.close();
      else this.device = device;
    } catch (error) {
      this.end(error instanceof Refused ? error.message : word("senseFailed", String(error)));
    }
    this.button.disabled = false;
    this.dress();
  }

  private connect(): Promise<void> {
    const url = new URL(`/senses/${this.sense}`, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onmessage = (event) => this.take(JSON.parse(String(event.data)) as Message);
      socket.onclose = (event) => {
        reject(new Refused(event.reason || word("senseLost")));
        if (this.socket === socket) this.end(event.reason || word("senseLost"));
      };
    });
  }

  private send(data: ArrayBuffer): void {
    const { socket } = this;
    if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < MOST_WAITING) socket.send(data);
  }

  /** Stop at once, and say why where the viewer did not ask for it. */
  private end(why: string): void {
    this.stop();
    this.notify(why);
  }

  stop(): void {
    this.device?.close();
    this.device?.picture?.remove();
    this.device = undefined;
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
    this.standing = "";
    this.say("");
    this.dress();
  }

  private take(found: Message): void {
    if (!this.isOn) return;
    if (found.is === "standing") {
      this.standing = found.now;
      this.dress();
      return;
    }
    const key = VERDICT[found.verdict];
    this.say(key ? word(key, found.heard) : found.text);
  }

  private say(text: string): void {
    clearTimeout(this.timer);
    say(this.words, text);
    this.words.hidden = !text;
    if (text) this.timer = setTimeout(() => this.say(""), WORDS_LAST);
  }

  dress(): void {
    const { sense, isOn, standing } = this;
    say(this.button, word(isOn ? "senseStop" : START[sense]));
    this.button.setAttribute("aria-pressed", String(isOn));
    this.lamp.hidden = !isOn;
    this.lamp.dataset["now"] = standing;
    const key = STANDING[standing];
    say(this.label, [word(ON[sense]), key ? word(key) : ""].filter(Boolean).join(" "));
    const picture = this.device?.picture;
    if (picture && picture.parentElement !== this.lamp) {
      picture.setAttribute("aria-hidden", "true");
      this.lamp.append(picture);
      void picture.play(); // an element that is moved is paused
    }
  }
}

/** What viewers may use is in the state; nothing is opened before a press. */
export class SensesView {
  readonly views: Record<Sense, SenseView>;
  private readonly box = el("section", { class: "senses" });
  private readonly about = el("p", { class: "sense-about", hidden: true });

  constructor(tools: HTMLElement, before: HTMLElement, notify: (text: string) => void) {
    this.views = { voice: new SenseView("voice", notify), gesture: new SenseView("gesture", notify) };
    for (const view of Object.values(this.views)) {
      tools.insertBefore(view.button, before);
      this.box.append(view.lamp, view.words);
      view.button.addEventListener("click", () => this.explain());
    }
    this.box.append(this.about);
    tools.after(this.box);
    lasting(() => {
      this.box.setAttribute("aria-label", word("senses"));
      say(this.about, word("sensePrivate"));
    });
    // Nobody is listened to by a page that nobody sees.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) return;
      for (const view of Object.values(this.views).filter((one) => one.isOn)) {
        view.stop();
        notify(word("senseHidden"));
      }
    });
  }

  private explain(): void {
    this.about.hidden = false;
    setTimeout(() => (this.about.hidden = true), 9000);
  }

  show(state: Partial<State>): void {
    for (const [sense, view] of Object.entries(this.views)) {
      view.button.hidden = !state.senses?.includes(sense as Sense);
      if (view.button.hidden && view.isOn) view.stop();
    }
  }
}
