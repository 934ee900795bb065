// Reads QR codes from the device's camera, until it is stopped.

/** Why there is no camera: `insecure` is a page that browsers give none to. */
export type CameraProblem = 'refused' | 'none' | 'busy' | 'insecure';

/** The part of the Barcode Detection API that is used; where it is missing a library of the same form stands in. */
interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: 'qr_code'[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** Often enough that nobody waits for it, and a phone's processor rests in between. */
const LOOK_EVERY_MS = 150;

export class Camera {
  readonly stream: MediaStream;
  #timer: ReturnType<typeof setTimeout> | null = null;

  private constructor(stream: MediaStream) {
    this.stream = stream;
  }

  /** Asks for the camera, the one at the back where there are two. */
  static async open(): Promise<Camera | CameraProblem> {
    const devices = (navigator as Partial<Navigator>).mediaDevices;
    if (devices === undefined) return 'insecure';
    try {
      const video = { facingMode: 'environment', width: { ideal: 1_280 }, height: { ideal: 720 } };
      return new Camera(await devices.getUserMedia({ video, audio: false }));
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
      return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none';
    }
  }

  /** Tells each text that is seen, again and again while it is. */
  async watch(video: HTMLVideoElement, seen: (text: string) => void): Promise<void> {
    const detector = await makeDetector();
    const look = async (): Promise<void> => {
      // Before the first picture, and while the page is hidden, there is nothing to look at.
      const found = video.readyState < video.HAVE_CURRENT_DATA ? [] : await detector.detect(video).catch(() => []);
      if (!this.stream.active) return;
      for (const { rawValue } of found) seen(rawValue);
      this.#timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    };
    await look();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const track of this.stream.getTracks()) track.stop();
  }
}

async function makeDetector(): Promise<Detector> {
  const { BarcodeDetector: own } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = await own?.getSupportedFormats().catch((): string[] => []);
  const DetectorOfChoice = own !== undefined && formats?.includes('qr_code') ? own : await libraryDetector();
  return new DetectorOfChoice({ formats: ['qr_code'] });
}

async function libraryDetector(): Promise<new (options: { formats: 'qr_code'[] }) => Detector> {
  return (await import('qr/decode.js')).BarcodeDetector;
}
