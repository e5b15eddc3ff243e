import { expect, test } from "vitest";
import { Ahead, isSparing } from "../src/ahead";

const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve));

test("sets of the next beats are loaded one after the other, each once", async () => {
  const got: string[] = [];
  const ahead = new Ahead((url) => Promise.resolve(got.push(url)), () => ({}));
  ahead.want(["a", "b"]);
  ahead.want(["b", "a", "c"]);
  await settled();
  ahead.want(["c"]);
  await settled();
  expect(got.map((url) => url.split("/")[2])).toEqual(["a", "a", "b", "b", "c", "c"]);
  expect(got.slice(0, 2)).toEqual(["/sets/a/scene.json", "/sets/a/set.glb"]);
});

test("a set that failed is asked for again when it is wanted again, and the others come", async () => {
  const got: string[] = [];
  const fails = (url: string) => (got.push(url), url.includes("/a/") ? Promise.reject(new Error("404")) : Promise.resolve());
  const ahead = new Ahead(fails, () => ({}));
  ahead.want(["a", "b"]);
  await settled();
  expect(got).toHaveLength(3);
  ahead.want(["a", "b"]);
  await settled();
  expect(got).toHaveLength(4);
});

test("nothing is loaded ahead where data is saved or the network is slow", async () => {
  const got: string[] = [];
  const ahead = new Ahead((url) => Promise.resolve(got.push(url)), () => ({ saveData: true }));
  ahead.want(["a"]);
  await settled();
  expect(got).toEqual([]);
  expect([{ effectiveType: "2g" }, { effectiveType: "4g" }, {}].map(isSparing)).toEqual([true, false, false]);
});
