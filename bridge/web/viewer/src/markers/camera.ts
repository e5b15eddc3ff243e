// Opens the phone's camera, and says in plain words what to do when it does not open.

/** A camera that did not open; the message is for people. */
export class CameraRefused extends Error {}

const WORDS: Readonly<Record<string, string>> = {
  NotAllowedError:
    "The camera is not allowed. Allow it for this page in the browser's settings (the sign left of the address), then press the button again.",
  NotFoundError: "This device has no camera. Open this page on a phone to look for markers.",
  NotReadableError: "Another program is using the camera. Close it, then press the button again.",
  OverconstrainedError: "This camera gives no picture that can be used. Try another device.",
  AbortError: "The camera stopped. Press the button again.",
  SecurityError: "This browser forbids the camera on this page. Try another browser.",
};

/** The camera at the back, playing in `video`. CameraRefused without a camera. */
export async function openCamera(video: HTMLVideoElement): Promise<MediaStream> {
  if (!globalThis.isSecureContext) {
    throw new CameraRefused("Browsers open the camera only over HTTPS. Open the address of this page that begins with https://.");
  }
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new CameraRefused("This browser cannot open a camera. Try another browser.");
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
  return WORDS[name] ?? `The camera did not open (${name || String(error)}). Press the button again, or try another browser.`;
}
