import { ShowClock } from "./clock";
import { Outbox, type Entry } from "./outbox";
import { REPLACED, type Answer, type State, type ToPage } from "./protocol";
import { refusal, word } from "./words";

/**
 * connecting: no state has come yet. silent: the show does not answer the server. away: no connection.
 * uninvited: the server does not know this browser. replaced: this viewer has opened other pages.
 */
export type Standing = "connecting" | "live" | "silent" | "away" | "uninvited" | "replaced";

/** How a request ended. `text` is for people, empty where it was recorded. */
export interface Outcome {
  text: string;
  code: string;
  answer?: Answer & { receipt?: unknown };
}

type Watcher = (state: Partial<State>, changed: ReadonlySet<string>) => void;

const SLOWEST_RETRY = 8000; // milliseconds
const QUIET = 6000; // milliseconds without a message after which the whole state is asked for
const LOST = 11_000; // milliseconds after which the connection counts as lost
const OPENS = 10_000; // milliseconds that a connection may take to open
const STEADY = 3000; // milliseconds after which a connection counts as good, so that the next try is soon

/** Milliseconds until the next try to connect: longer each time, and never at the same time for all. */
export function retryDelay(tries: number, random: () => number = Math.random): number {
  return Math.min(SLOWEST_RETRY, 250 * 1.7 ** tries) * (0.7 + 0.6 * random());
}

/** A server's message; undefined where it is not one. */
export function messageOf(text: string): ToPage | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isRecord(found)) return undefined;
  if (Array.isArray(found["answers"])) return found["answers"].every((one) => isRecord(one) && typeof one["id"] === "number") ? (found as never) : undefined;
  if (typeof found["n"] !== "number") return undefined;
  const isState = isRecord(found["is"]) || (typeof found["after"] === "number" && isRecord(found["now"]));
  return isState ? (found as never) : undefined;
}

/** The state after a message; undefined where changes are missing and the whole is to be asked for. */
export function after(
  state: Partial<State>, number: number, message: Exclude<ToPage, { answers: unknown }>,
): { state: Partial<State>; changed: Set<string> } | undefined {
  if ("is" in message) {
    const changed = new Set([...Object.keys(state), ...Object.keys(message.is)]);
    return { state: message.is, changed };
  }
  if (message.after !== number) return undefined;
  const next: Record<string, unknown> = { ...state };
  for (const [name, value] of Object.entries(message.now)) {
    if (value === null) delete next[name];
    else next[name] = value;
  }
  return { state: next as Partial<State>, changed: new Set(Object.keys(message.now)) };
}

/** The socket: it has the newest state, reconnects, and sends what waited while it was away. */
export class Link {
  state: Partial<State> = {};
  standing: Standing = "connecting";
  /** The server's reason, where it gave one. */
  reason = "";
  readonly clock = new ShowClock();
  readonly outbox: Outbox;
  private number = -1;
  private socket: WebSocket | undefined;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  private openedAt = 0;
  private askedAt = 0;
  private current = false; // whether the state is newer than the socket
  private readonly watchers: Watcher[] = [];
  private readonly listeners: (() => void)[] = [];
  private readonly pending = new Map<number, (outcome: Outcome) => void>();
  /** What an old request of a page that was loaded again came to, or a second answer. */
  onOutcome: (outcome: Outcome) => void = () => {};

  constructor(storage: Storage) {
    this.outbox = new Outbox(storage);
    setInterval(() => this.look(), 500);
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.socket && this.drop(""));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retry();
    });
  }

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  onStand(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Seconds of the show now. */
  get seconds(): number {
    return this.clock.now(performance.now() / 1000);
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && this.current;
  }

  open(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const url = new URL("/watch", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    this.current = false;
    this.heardAt = this.openedAt = Date.now();
    let opened = false;
    socket.onopen = () => (opened = true);
    socket.onmessage = (event) => {
      if (this.socket === socket) this.read(String(event.data));
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.lost(event.code, event.reason, opened);
    };
  }

  /**
   * Send a request now or as soon as there is a connection. It is dropped when its choice has
   * closed, or after some seconds; both are reported in the outcome.
   */
  request(message: { do: string; [name: string]: unknown }, choice = "", seconds = 60): Promise<Outcome> {
    const entry = this.outbox.add(message, choice, seconds);
    const outcome = new Promise<Outcome>((resolve) => this.pending.set(entry.message.id, resolve));
    if (this.isOpen) this.send(entry);
    return outcome;
  }

  private send(entry: Entry): void {
    this.socket?.send(JSON.stringify(entry.message));
    this.outbox.markSent(entry);
  }

  /** Take a message; one that cannot be read or shown ends the connection, and a new one begins. */
  private read(text: string): void {
    const message = messageOf(text);
    try {
      if (!message) throw new TypeError("not a message of the audience server");
      this.take(message);
    } catch (error) {
      console.error(error);
      this.drop(word("garbled"));
    }
  }

  private take(message: ToPage): void {
    this.heardAt = Date.now();
    this.askedAt = 0;
    if ("answers" in message) {
      for (const answer of message.answers) this.answered(answer);
      return;
    }
    const found = after(this.state, this.number, message);
    if (!found) {
      this.askWhole();
      return;
    }
    if (Date.now() - this.openedAt > STEADY) this.tries = 0;
    this.number = message.n;
    this.state = found.state;
    if (found.state.seconds !== undefined && found.changed.has("seconds"))
      this.clock.hear(found.state.seconds, performance.now() / 1000);
    const first = !this.current;
    this.current = true;
    this.stand(found.state.silent ? "silent" : "live", "");
    for (const watcher of this.watchers) watcher(this.state, found.changed);
    if (first) this.sendAgain();
  }

  private sendAgain(): void {
    const { again, lapsed } = this.outbox.reconcile(this.state.choice?.id ?? "");
    for (const { entry, why } of lapsed) {
      const text = word(entry.sent ? "unsure" : why);
      this.finish(entry.message.id, { text, code: why });
    }
    for (const entry of again) this.send(entry);
  }

  private answered(answer: Answer & { receipt?: unknown }): void {
    this.outbox.remove(answer.id);
    const refused = "refused" in answer;
    this.finish(answer.id, {
      text: refused ? refusal(answer.code, answer.refused) : "",
      code: refused ? answer.code : "",
      answer,
    });
  }

  private finish(id: number, outcome: Outcome): void {
    const resolve = this.pending.get(id);
    this.pending.delete(id);
    if (resolve) resolve(outcome);
    else this.onOutcome(outcome);
  }

  private askWhole(): void {
    if (this.askedAt) return;
    this.askedAt = Date.now();
    this.socket?.send(JSON.stringify({ do: "whole" }));
  }

  private lost(code: number, reason: string, opened: boolean): void {
    this.socket = undefined;
    this.current = false;
    this.askedAt = 0;
    if (code === REPLACED) {
      this.stand("replaced", reason);
      return;
    }
    if (this.standing !== "uninvited") this.stand("away", reason);
    if (!opened) void this.explain();
    this.timer = setTimeout(() => this.open(), retryDelay(this.tries++));
  }

  /** Ask over HTTP why the socket was not opened: browsers do not report it. */
  private async explain(): Promise<void> {
    try {
      const { status } = await fetch("/seat", { cache: "no-store" });
      if (status === 401 || status === 403) this.stand("uninvited", "");
      else if (status === 429 || status === 503) this.stand("away", word("full"));
      else if (this.standing === "uninvited") this.stand("away", "");
    } catch {
      if (this.standing === "uninvited") this.stand("away", "");
    }
  }

  /** Connect now, for example after the phone was unlocked. */
  retry(): void {
    if (this.standing === "replaced") return;
    if (this.socket?.readyState === WebSocket.CONNECTING) this.drop("");
    clearTimeout(this.timer);
    if (this.socket) return;
    this.tries = 0;
    this.open();
  }

  /** After this page was replaced, a person may ask for it again. */
  takeBack(): void {
    this.standing = "connecting";
    this.retry();
  }

  private look(): void {
    const quiet = Date.now() - this.heardAt;
    if (this.socket?.readyState === WebSocket.CONNECTING && quiet > OPENS) this.drop("");
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    if (quiet > LOST) this.drop("");
    else if (quiet > QUIET) this.askWhole();
  }

  /** Give up a connection whose other end may be gone: it is not waited for. */
  private drop(reason: string): void {
    const dead = this.socket;
    this.socket = undefined;
    dead?.close();
    this.lost(0, reason, true);
  }

  private stand(standing: Standing, reason: string): void {
    if (standing === this.standing && reason === this.reason) return;
    this.standing = standing;
    this.reason = reason;
    for (const listener of this.listeners) listener();
  }
}
