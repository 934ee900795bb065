// What every measured page has in common: it joins, says, hears, and notes when. Each contender's file brings the rest.

/** A message as a page heard it; a message heard twice is there twice. */
export type Heard = readonly [from: string, number: number, saidAtMs: number, heardAtMs: number];

export interface JoinOptions {
  /** Where the contender's server is, as `http://host:port`. */
  readonly server: string;
  readonly room: string;
  /** Different for each page of a room, digits only. */
  readonly name: string;
  /** False where only the server's route is to be used. */
  readonly mesh: boolean;
  /** Says hello to whoever is new, so that everybody hears of everybody. */
  readonly isGreeting: boolean;
}

/** One library in one page. */
export interface Contender {
  say(text: string): void;
  /** Links to other pages that the library calls open. */
  links(): number;
}

export type Join = (options: JoinOptions, hear: (text: string) => void) => Contender | Promise<Contender>;

/** What the bench asks a page, as `window.bench`. */
export interface PageBench {
  join(options: JoinOptions): Promise<void>;
  say(): void;
  /** Says something so often, so far apart; resolves after the last. */
  talk(everyMs: number, times: number): Promise<void>;
  links(): number;
  /** Other pages heard from, greetings included. */
  heardFrom(): number;
  /** Messages, without greetings. */
  heard(): readonly Heard[];
  /** When each of its own messages was said, the first first. */
  saidAtMs(): readonly number[];
  /** When the join began, when the links were this many, and when this many others had been heard; null: not yet. */
  marks(others: number): {
    readonly joinedAtMs: number;
    readonly linkedAtMs: number | null;
    readonly heardAtMs: number | null;
  };
}

declare global {
  interface Window {
    bench: PageBench;
  }
}

/** As long as what people write: 60 letters with the stamp. */
const TEXT_LENGTH = 60;

export function measure(join: Join): void {
  let contender: Contender | null = null;
  let name = '';
  let isGreeting = true;
  let joinedAtMs = 0;
  const saidAtMs: number[] = [];
  const heard: Heard[] = [];
  const linkedAtMs: number[] = [];
  const firstHeardAtMs = new Map<string, number>();

  const greet = (): void => {
    if (isGreeting) contender?.say(`hello|${name}`);
  };
  const hear = (text: string): void => {
    const atMs = nowMs();
    const [kind = '', from = '', number, saidAtMs] = text.split('|');
    if (from === name) return;
    if (!firstHeardAtMs.has(from)) {
      firstHeardAtMs.set(from, atMs);
      // Who came later has not heard the first greeting.
      greet();
    }
    if (kind === 'say') heard.push([from, Number(number), Number(saidAtMs), atMs]);
  };
  const watchLinks = (): void => {
    const links = contender?.links() ?? 0;
    if (links <= linkedAtMs.length) return;
    while (linkedAtMs.length < links) linkedAtMs.push(nowMs());
    greet();
  };
  const say = (): void => {
    const atMs = nowMs();
    saidAtMs.push(atMs);
    contender?.say(`say|${name}|${saidAtMs.length}|${atMs.toFixed(2)}|`.padEnd(TEXT_LENGTH, '~'));
  };

  window.bench = {
    async join(options) {
      ({ name, isGreeting } = options);
      joinedAtMs = nowMs();
      contender = await join(options, hear);
      setInterval(watchLinks, 10);
      greet();
    },
    say,
    talk: (everyMs, times) =>
      new Promise((resolve) => {
        let left = times;
        const timer = setInterval(() => {
          say();
          left -= 1;
          if (left > 0) return;
          clearInterval(timer);
          resolve();
        }, everyMs);
      }),
    links: () => contender?.links() ?? 0,
    heardFrom: () => firstHeardAtMs.size,
    heard: () => heard,
    saidAtMs: () => saidAtMs,
    marks: (others) => ({
      joinedAtMs,
      linkedAtMs: linkedAtMs[others - 1] ?? null,
      heardAtMs: [...firstHeardAtMs.values()].sort((a, b) => a - b)[others - 1] ?? null,
    }),
  };
}

/** The same clock in all pages of a machine. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
