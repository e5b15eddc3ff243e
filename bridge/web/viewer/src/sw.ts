/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;
// the names of the built files, written by vite.config.ts
const FILES = JSON.parse("__FILES__") as string[];
self.addEventListener("install", () => void FILES);
export {};
