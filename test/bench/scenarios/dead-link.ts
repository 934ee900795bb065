// One link dies and nobody says so: what is said over it, and how long it takes to get there another way.

import { setTimeout as pause } from 'node:timers/promises';
import { OURS_AND_OTHERS } from '../contenders.js';
import { Meeting } from '../meeting.js';
import { distribution, round } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const EVERY_MS = 600;
/** After the last message; what has not come by then is lost. */
const PATIENCE_MS = 5_000;

/** Messages before the link dies. */
const WARM = 8;

/**
 * Remembers every peer connection of the page, and lets one be silenced: nothing that is sent over it leaves, nothing
 * that comes is heard, and the browser goes on calling it open, as with a frozen page at the other end.
 */
const SILENCER = `(() => {
  const connections = [];
  const ofChannel = new WeakMap();
  const Original = RTCPeerConnection;
  const fingerprint = (sdp) => /a=fingerprint:(\\S+ \\S+)/.exec(sdp ?? '')?.[1];
  const adopt = (connection, channel) => {
    ofChannel.set(channel, connection);
    channel.addEventListener('message', (event) => {
      if (connection.isSilent) event.stopImmediatePropagation();
    });
  };
  window.RTCPeerConnection = class extends Original {
    constructor(...args) {
      super(...args);
      connections.push(this);
      this.addEventListener('datachannel', ({ channel }) => adopt(this, channel));
    }
    createDataChannel(...args) {
      const channel = super.createDataChannel(...args);
      adopt(this, channel);
      return channel;
    }
  };
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function (data) {
    if (!ofChannel.get(this)?.isSilent) send.call(this, data);
  };
  window.fingerprints = () => connections
    .filter(({ connectionState }) => connectionState === 'connected')
    .map((connection) => fingerprint(connection.localDescription?.sdp));
  window.silence = (remotes) => {
    for (const connection of connections) {
      if (remotes.includes(fingerprint(connection.remoteDescription?.sdp))) connection.isSilent = true;
    }
  };
})()`;

interface Silenceable {
  fingerprints(): string[];
  silence(remotes: readonly string[]): void;
}

export async function deadLink({ isQuick, contenders }: Scale): Promise<Report> {
  const [repetitions, times] = isQuick ? [1, 10] : [3, 20];
  const entries = contenders(OURS_AND_OTHERS.filter(({ mesh }) => mesh));
  const outcomes = new Map<string, Outcome[]>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const entry of entries) {
      const outcome = await Meeting.orNull(entry, { initScript: SILENCER }, (meeting) => silenced(meeting, times));
      outcomes.set(entry.name, [...(outcomes.get(entry.name) ?? []), ...(outcome === null ? [] : [outcome])]);
    }
  }
  const rows: Row[] = entries.map(({ name }) => {
    const all = outcomes.get(name) ?? [];
    const said = all.reduce((sum, outcome) => sum + outcome.said, 0);
    const delays = all.flatMap((outcome) => outcome.delaysMs);
    return {
      name,
      cells: {
        'lost %': said === 0 ? null : round(((said - delays.length) / said) * 100),
        'delay ms': distribution(delays),
        'first message ms': distribution(all.flatMap((outcome) => outcome.firstMs)),
      },
    };
  });
  return {
    scenario: 'dead-link',
    title: 'One link silently dead',
    about: `In a mesh of five, the link between two pages swallows everything in both directions while the browser calls it open. Each of the two says something every ${EVERY_MS} ms, ${times} times: how much the other never hears, after how long it hears the rest, and after how long the first thing said. ${repetitions} times.`,
    isQuick,
    main: 'lost %',
    axis: '% of messages between the two that never arrive',
    rows,
  };
}

interface Outcome {
  readonly said: number;
  readonly delaysMs: readonly number[];
  /** Of the first message each way; of one that is lost nothing. */
  readonly firstMs: readonly number[];
}

async function silenced(meeting: Meeting, times: number): Promise<Outcome> {
  await meeting.assemble();
  // Round trips are known then, where a contender measures them.
  await meeting.talk(EVERY_MS, WARM);
  const pair = meeting.pages.slice(0, 2);
  const fingerprints = await Promise.all(
    pair.map((page) => page.evaluate(() => (window as unknown as Silenceable).fingerprints())),
  );
  await Promise.all(
    pair.map((page, index) =>
      page.evaluate((remotes) => (window as unknown as Silenceable).silence(remotes), fingerprints[1 - index] ?? []),
    ),
  );
  await Promise.all(
    pair.map((page) => page.evaluate(([every, count]) => window.bench.talk(every, count), [EVERY_MS, times] as const)),
  );
  await pause(PATIENCE_MS);
  const [first = [], second = []] = await meeting.heard();
  const between = [first.filter(([from]) => from === '1'), second.filter(([from]) => from === '0')].map(
    (heard) => new Map(heard.filter(([, number]) => number > WARM).map(([, number, said, at]) => [number, at - said])),
  );
  return {
    said: times * 2,
    delaysMs: between.flatMap((delays) => [...delays.values()]),
    firstMs: between.flatMap((delays) => delays.get(WARM + 1) ?? []),
  };
}
