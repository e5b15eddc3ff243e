import { describe, expect, test } from "vitest";
import { ShowClock } from "../src/clock";
import { after, messageOf, retryDelay } from "../src/link";
import { Outbox } from "../src/outbox";

class Memory {
  readonly values = new Map<string, string>();
  getItem(name: string): string | null {
    return this.values.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.values.set(name, value);
  }
}

describe("the state", () => {
  const whole = { n: 4, is: { beat: "arrival", seconds: 1, captions: [] } } as never;

  test("a whole state replaces all, changes are added, null removes", () => {
    const first = after({ title: "old" }, -1, whole)!;
    expect(first.state).toEqual({ beat: "arrival", seconds: 1, captions: [] });
    expect(first.changed.has("title")).toBe(true);
    const next = after(first.state, 4, { n: 5, after: 4, now: { beat: null, seconds: 2 } } as never)!;
    expect(next.state).toEqual({ seconds: 2, captions: [] });
    expect([...next.changed]).toEqual(["beat", "seconds"]);
  });

  test("changes after another state than ours are not used", () => {
    const { state } = after({}, -1, whole)!;
    expect(after(state, 4, { n: 7, after: 6, now: { seconds: 3 } } as never)).toBeUndefined();
  });
});

test("reconnecting takes longer each time, up to a limit, and differs between pages", () => {
  const middle = () => 0.5;
  expect(retryDelay(0, middle)).toBeCloseTo(250);
  expect(retryDelay(3, middle)).toBeGreaterThan(retryDelay(2, middle));
  expect(retryDelay(50, middle)).toBe(8000);
  expect(retryDelay(4, () => 0)).toBeLessThan(retryDelay(4, () => 1));
});

describe("the outbox", () => {
  test("ids grow, also after the page was loaded again and the clock was set back", () => {
    const kept = new Memory();
    const first = new Outbox(kept, () => 5000).add({ do: "tap" }, "tea", 10);
    const second = new Outbox(kept, () => 1000).add({ do: "tap" }, "tea", 10);
    expect(first.message.id).toBe(5000);
    expect(second.message.id).toBe(5001);
  });

  test("what was not answered is sent again with its id", () => {
    const kept = new Memory();
    const outbox = new Outbox(kept, () => 1000);
    const entry = outbox.add({ do: "tap", option: "stay" }, "tea", 10);
    outbox.markSent(entry);
    const again = new Outbox(kept, () => 2000).reconcile("tea").again;
    expect(again.map((one) => one.message)).toEqual([{ do: "tap", option: "stay", id: 1000 }]);
    outbox.remove(1000);
    expect(outbox.reconcile("tea").again).toEqual([]);
  });

  test("an entry for a closed choice, or an old one, is dropped and reported once", () => {
    let now = 1000;
    const outbox = new Outbox(new Memory(), () => now);
    outbox.add({ do: "tap", option: "stay" }, "tea", 60);
    outbox.add({ do: "tap", option: "stay" }, "rain", 5);
    outbox.add({ do: "marker", marker: "door_god" }, "", 60);
    now = 20_000;
    const { again, lapsed } = outbox.reconcile("rain");
    expect(lapsed.map(({ why }) => why)).toEqual(["closed", "expired"]);
    expect(again.map((one) => one.message.do)).toEqual(["marker"]);
    expect(outbox.reconcile("rain").lapsed).toEqual([]);
  });

  test("damaged storage is an empty outbox", () => {
    const kept = new Memory();
    kept.setItem("outbox", "{");
    expect(new Outbox(kept).waiting).toEqual([]);
  });
});

describe("the show's time", () => {
  test("late messages do not turn it back", () => {
    const clock = new ShowClock();
    clock.hear(10, 100);
    clock.hear(10.1, 100.4); // 0.3 s late
    expect(clock.now(100.4)).toBeCloseTo(10.4);
    expect(clock.now(100.39)).toBeCloseTo(10.4);
  });

  test("it stops when no message comes, and follows a jump", () => {
    const clock = new ShowClock();
    clock.hear(10, 100);
    expect(clock.now(200)).toBeCloseTo(13);
    clock.hear(2, 201);
    expect(clock.now(201)).toBeCloseTo(2);
  });
});

test("what is not a message of the server is not taken for one", () => {
  const garbage = ["", "{", "null", "[]", "7", '"is"', "{}", '{"n":"1","is":{}}', '{"n":1}', '{"n":1,"is":[]}', '{"n":1,"now":{}}', '{"answers":[null]}', '{"answers":{}}'];
  for (const text of garbage) expect([text, messageOf(text)]).toEqual([text, undefined]);
  for (const text of ['{"n":1,"is":{}}', '{"n":2,"after":1,"now":{"beat":null}}', '{"answers":[{"id":1,"recorded":3}]}'])
    expect(messageOf(text)).toEqual(JSON.parse(text));
});
