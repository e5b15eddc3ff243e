const SLOW_MS = 45;
const FAST_MS = 14;
const LEAST_SCALE = 0.4;
const SHARE = 0.7; // of the recent pictures' time, in the mean

/** Whether a browser draws with the processor, as browsers without a graphics driver do. */
export function isSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/** Draws no picture before the last one is done, and makes pictures smaller where they take long. */
export class Pace {
  private fence: WebGLSync | null = null;
  private began = 0;
  private mean = 0;

  /** `scale`: the share of the screen's pixels along an edge to begin with. */
  constructor(private readonly gl: WebGL2RenderingContext, public scale = 1) {}

  /** Whether the last picture is drawn. */
  isDone(now: number): boolean {
    const { gl, fence } = this;
    if (!fence) return true;
    const status = gl.isContextLost() ? gl.ALREADY_SIGNALED : gl.clientWaitSync(fence, 0, 0);
    if (status === gl.TIMEOUT_EXPIRED) return false;
    gl.deleteSync(fence);
    this.fence = null;
    this.mean = this.mean ? SHARE * this.mean + (1 - SHARE) * (now - this.began) : now - this.began;
    return true;
  }

  /** A picture was submitted; true where the scale has changed. */
  begin(now: number): boolean {
    const { gl } = this;
    this.began = now;
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    const before = this.scale;
    if (this.mean > SLOW_MS) this.scale = Math.max(LEAST_SCALE, this.scale * 0.8);
    else if (this.mean && this.mean < FAST_MS) this.scale = Math.min(1, this.scale * 1.25);
    if (this.scale !== before) this.mean = 0;
    return this.scale !== before;
  }
}
