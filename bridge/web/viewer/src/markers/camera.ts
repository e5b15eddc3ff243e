// Opens the phone's camera, and says in plain words what to do when it does not open.

import { type Word, word } from "../words";

/** A camera that did not open; the message is for people. */
export class CameraRefused extends Error {}

const WORDS: Readonly<Record<string, Word>> = {
  NotAllowedError: "cameraForbidden", NotFoundError: "cameraMissing", NotReadableError: "cameraBusy",
  OverconstrainedError: "cameraUnfit", AbortError: "cameraStopped", SecurityError: "cameraRefused",
};

/** The camera at the back, playing in `video`. CameraRefused without a camera. */
export async function openCamera(video: HTMLVideoElement): Promise<MediaStream> {
  if (!globalThis.isSecureContext) {
    throw new CameraRefused(word("cameraInsecure"));
  }
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new CameraRefused(word("cameraUnknown"));
  }
  const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    throw new CameraRefused(wordsFor(error));
  }
  try {
    video.srcObject = stream;
    video.muted = true;
    video.playsInline = true;
    await video.play();
  } catch (error) {
    closeCamera(stream);
    throw new CameraRefused(wordsFor(error));
  }
  return stream;
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** What to do about an error of `getUserMedia`. */
export function wordsFor(error: unknown): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  const known = WORDS[name];
  return known ? word(known) : word("cameraFailed", name || String(error));
}
