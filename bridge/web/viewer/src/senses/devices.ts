// The viewer's microphone and camera, opened when the viewer asks for them and closed at once when not.

import { word, type Word } from "../words";
import { message, PICTURE, SOUND } from "./sound";
import worklet from "./worklet.ts?worker&url";

export type Sense = "voice" | "gesture";
type Send = (data: ArrayBuffer) => void;

/** A device that could not be opened; the message is for people. */
export class Refused extends Error {}

export interface Device {
  /** Stops it at once: the browser's own sign goes out. */
  close(): void;
  /** What the viewer may look at. */
  readonly picture?: HTMLVideoElement;
}

const WIDTH = 320; // pixels of a picture
const PERIOD = 80; // milliseconds between two pictures
const QUALITY = 0.7;
const REFUSED: Readonly<Record<string, Word>> = {
  NotAllowedError: "senseForbidden",
  SecurityError: "senseForbidden",
  NotFoundError: "senseMissing",
  NotReadableError: "senseBusy",
};

async function media(wanted: MediaStreamConstraints): Promise<MediaStream> {
  if (!globalThis.isSecureContext || !navigator.mediaDevices?.getUserMedia) throw new Refused(word("senseInsecure"));
  try {
    return await navigator.mediaDevices.getUserMedia(wanted);
  } catch (error) {
    const name = error instanceof Error || error instanceof DOMException ? error.name : String(error);
    throw new Refused(word(REFUSED[name] ?? "senseFailed", name));
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

export async function openMicrophone(send: Send, ended: () => void): Promise<Device> {
  const stream = await media({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  const context = new AudioContext();
  const close = (): void => {
    stop(stream);
    void context.close().catch(() => undefined);
  };
  try {
    await context.audioWorklet.addModule(worklet);
    await context.resume();
    const node = new AudioWorkletNode(context, "xrdrama-listener", { numberOfOutputs: 0 });
    node.port.onmessage = (event: MessageEvent<Int16Array<ArrayBuffer>>) => send(message(SOUND, performance.now(), event.data));
    context.createMediaStreamSource(stream).connect(node);
  } catch (error) {
    close();
    throw new Refused(word("senseFailed", error instanceof Error ? error.name : String(error)));
  }
  stream.getTracks()[0]?.addEventListener("ended", ended);
  return { close };
}

export async function openCamera(send: Send, ended: () => void): Promise<Device> {
  const stream = await media({ video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } } });
  const picture = document.createElement("video");
  picture.muted = true;
  picture.playsInline = true;
  picture.srcObject = stream;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  let busy = false;
  const timer = setInterval(() => {
    if (busy || !pen || !picture.videoWidth) return;
    canvas.width = WIDTH;
    canvas.height = Math.min(480, Math.max(32, Math.round((WIDTH * picture.videoHeight) / picture.videoWidth)));
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const taken = performance.now();
    busy = true;
    canvas.toBlob((blob) => {
      void blob?.arrayBuffer().then((data) => send(message(PICTURE, taken, data)));
      busy = false;
    }, "image/jpeg", QUALITY);
  }, PERIOD);
  const close = (): void => {
    clearInterval(timer);
    stop(stream);
    picture.srcObject = null;
  };
  try {
    await picture.play();
  } catch (error) {
    close();
    throw new Refused(word("senseFailed", error instanceof Error ? error.name : String(error)));
  }
  stream.getTracks()[0]?.addEventListener("ended", ended);
  return { close, picture };
}
