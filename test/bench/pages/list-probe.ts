// What the bench asks a page that only shows messages, as `window.list`.

export interface ListBench {
  /** Shows so many messages in an empty chat; milliseconds until they are on the screen. */
  open(messages: number): Promise<number>;
  /** Scrolls from the end towards the beginning; what each frame took of the main thread, in milliseconds. */
  scroll(frames: number): Promise<number[]>;
  /** So many messages arrive each second while the end is read. */
  burst(perSecond: number, seconds: number): Promise<Burst>;
}

export interface Burst {
  /** What each task over 50 ms took. */
  readonly longMs: readonly number[];
  /** How many arrived really, each second. */
  readonly perSecond: number;
}

/** One widget in one page. */
export interface ShownList {
  /** Shows these in an empty chat. */
  show(messages: number): void;
  receive(): void;
  /** What scrolls; null while there is none. */
  scroller(): HTMLElement | null;
}

declare global {
  interface Window {
    list: ListBench;
  }
}

/** Long enough for several rows, short enough that virtual lists have to work. */
const SCROLL_PX = 400;
/** Positions differ by less than this when a list has come to rest. */
const AT_REST_PX = 2;

export function measured(shown: ShownList): ListBench {
  return {
    async open(messages) {
      const startedAtMs = performance.now();
      shown.show(messages);
      for (;;) {
        await painted();
        const scroller = shown.scroller();
        const belowPx = scroller === null ? Infinity : belowOf(scroller);
        if (scroller !== null && scroller.scrollHeight > scroller.clientHeight && belowPx < AT_REST_PX)
          return performance.now() - startedAtMs;
      }
    },
    async scroll(frames) {
      const scroller = shown.scroller();
      if (scroller === null) throw new Error('nothing scrolls');
      const tookMs: number[] = [];
      for (let frame = 0; frame < frames; frame += 1) {
        scroller.scrollTop -= SCROLL_PX;
        tookMs.push(await painted());
      }
      return tookMs;
    },
    async burst(perSecond, seconds) {
      const longMs: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longMs.push(duration);
      });
      observer.observe({ type: 'longtask' });
      const all = perSecond * seconds;
      const beganAtMs = performance.now();
      const elapsed = (): number => (performance.now() - beganAtMs) / 1_000;
      for (let count = 0; count < all;) {
        // A timer may be late; what is due comes all the same.
        for (const due = Math.min(all, 1 + elapsed() * perSecond); count + 1 <= due; count += 1) shown.receive();
        await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
      }
      await painted();
      const arrived = all / elapsed();
      for (const { duration } of observer.takeRecords()) longMs.push(duration);
      observer.disconnect();
      return { longMs, perSecond: arrived };
    },
  };
}

function belowOf({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return Math.abs(scrollHeight - scrollTop - clientHeight);
}

/** Resolves when the next frame is made; what it took of the main thread, script, style, layout and paint. */
function painted(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame((beganAtMs) => {
      // A message comes after the frame's own work.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - beganAtMs);
      port2.postMessage(null);
    });
  });
}
