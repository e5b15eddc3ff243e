import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Link } from "../src/link";
import type { Greeting, Message } from "../src/words";

/** A socket whose other end is the test. */
class Socket {
  static readonly OPEN = 1;
  static all: Socket[] = [];
  readyState = 0;
  sent: { id: number; do: string }[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = (_: { reason: string; code: number }) => {};

  constructor(readonly url: URL) {
    Socket.all.push(this);
  }

  open(): void {
    this.readyState = Socket.OPEN;
    this.onopen();
  }

  say(message: Partial<Message>): void {
    this.onmessage({ data: JSON.stringify({ v: "boot.1", n: 1, ...message }) });
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as { id: number; do: string });
  }

  close(): void {
    this.readyState = 3;
  }

  lose(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

const PLAYS = { is: { beat: "door" } } as Partial<Message>;
const greeting = { sheet: { show: "s" } } as unknown as Greeting;
let refused: string[] = [];

function opened(): { link: Link; socket: Socket } {
  const link = new Link(greeting);
  link.onRefused = (text) => refused.push(text);
  link.open();
  const socket = Socket.all.at(-1)!;
  socket.open();
  return { link, socket };
}

beforeEach(() => {
  vi.useFakeTimers();
  refused = [];
  Socket.all = [];
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("location", { href: "http://127.0.0.1:80/", protocol: "http:" });
  vi.stubGlobal("fetch", () => Promise.reject(new Error("nobody")));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the link to the console", () => {
  it("sends only while the show answers", async () => {
    const { link, socket } = opened();
    expect(link.isConnected && link.isCutOff).toBe(true); // no frame yet
    socket.say(PLAYS);
    expect(link.isCutOff).toBe(false); // the control
    void link.ask({ do: "held", on: true });
    expect(socket.sent).toHaveLength(1);
    for (const state of [{ silent: true }, { silent: true, fate: "died" }, { silent: true, fate: "ended" }]) {
      socket.say({ is: { beat: "door", ...state } } as Partial<Message>);
      expect(link.isConnected && link.isCutOff).toBe(true);
      const answer = await link.ask({ do: "held", on: true });
      expect(answer.refused).toBe("the show does not answer; nothing was sent");
    }
    expect(socket.sent).toHaveLength(1);
    socket.say(PLAYS);
    expect(link.isCutOff).toBe(false);
  });

  it("is cut off once the newest frame is old, whatever the console says", () => {
    const { link, socket } = opened();
    socket.say(PLAYS);
    vi.advanceTimersByTime(2000);
    expect(link.standing).toBe("silent");
    expect(link.isCutOff).toBe(true);
  });

  it("reconnects until a console is back, and says that what waited may not have happened", async () => {
    const { link, socket } = opened();
    socket.say(PLAYS);
    const waiting = link.ask({ do: "undo" });
    socket.lose();
    expect((await waiting).refused).toContain("the connection was lost");
    expect([link.standing, link.isCutOff]).toEqual(["away", true]);
    expect((await link.ask({ do: "undo" })).refused).toBe("not connected; nothing was sent");
    for (let tries = 0; tries < 20; tries++) {
      const count = Socket.all.length;
      vi.advanceTimersByTime(3000);
      expect(Socket.all.length).toBeGreaterThan(count); // it never gives up
      Socket.all.at(-1)!.lose();
    }
    vi.advanceTimersByTime(3000);
    const back = Socket.all.at(-1)!;
    expect(back.url.searchParams.get("since")).toBe("boot.1");
    back.open();
    expect(link.isCutOff).toBe(true); // until it is known how the show does
    back.say({ ...PLAYS, n: 2 });
    expect([link.standing, link.isCutOff]).toEqual(["live", false]);
  });

  it("calls its watchers when controls must be enabled or disabled", () => {
    const { link, socket } = opened();
    const seen: boolean[] = [];
    link.watch(() => seen.push(link.isCutOff));
    socket.say(PLAYS);
    socket.lose();
    expect([seen.at(0), seen.at(-1)]).toEqual([false, true]);
  });

  it("says when another program answers at its address", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve({ ok: false, status: 404, headers: new Headers() }));
    const { link, socket } = opened();
    socket.say(PLAYS);
    socket.lose();
    vi.advanceTimersByTime(3000);
    Socket.all.at(-1)!.lose();
    await vi.advanceTimersByTimeAsync(0);
    expect([link.standing, link.reason]).toEqual(["away", "another program answers at this address: 404"]);
  });
});
