// What an operator should look at now, in words, with what to do: the alerts of OPERATING.md, read from two overviews.

import type { Overview } from '../http/admin.js';
import { counted, duration, milliseconds, percent } from './figures.js';

export interface Notice {
  readonly level: 'danger' | 'note';
  readonly title: string;
  readonly advice: string;
}

/** Above this the process has more to do than one core does. */
const LAG_MS = 300;
/** Above this messages are acknowledged late. */
const STORE_MS = 500;
/** Fewer dials say nothing. */
const DIALS_MIN = 10;
/** Refusals a minute above which somebody is over a limit for good. */
const LIMITED_PER_MINUTE = 100;
/** A lock-out is news for as long as it lasts. */
const LOCKED_MS = 600_000;

const OBSTACLES: Readonly<Record<string, string>> = {
  starting: 'It is starting.',
  draining: 'It is being stopped; visitors are told when to come back.',
  full: 'It holds as many sockets as it may: raise FESTIVAL_CHAT_CONNECTIONS_MAX if memory allows, or add a node.',
  busy: 'It is behind with its work: those who are in come first.',
};

/** @param earlier the overview of about a minute ago; null when there is none yet */
export function attention(now: Overview, earlier: Overview | null): readonly Notice[] {
  return [
    ...now.obstacles.map((obstacle) => danger('No new visitor gets in', OBSTACLES[obstacle] ?? obstacle)),
    ...loadNotices(now),
    ...(earlier === null || isRestarted(now, earlier) ? [] : changeNotices(now, earlier)),
    ...meshNotices(now),
    ...lockNotices(now),
  ];
}

function loadNotices({ analytics }: Overview): Notice[] {
  const { eventLoopLag, latencyMs } = analytics;
  const notices: Notice[] = [];
  if (eventLoopLag.p99Ms > LAG_MS) {
    const advice =
      'Look for one very large or very loud room. Fewer visitors a node help; switching the mesh off does not.';
    notices.push(danger(`The server is ${milliseconds(eventLoopLag.p99Ms)} behind with its work`, advice));
  }
  if ((latencyMs.store?.p95 ?? 0) > STORE_MS) {
    const advice = 'The disk is full, failing, or shared with something loud.';
    notices.push(danger(`Storing a message takes ${milliseconds(latencyMs.store?.p95 ?? 0)}`, advice));
  }
  return notices;
}

function changeNotices({ analytics: now }: Overview, { analytics: earlier }: Overview): Notice[] {
  const rise = (key: 'refused' | 'turnedAway' | 'ended', name: string): number =>
    of(now[key], name) - of(earlier[key], name);
  const notices: Notice[] = [];
  if (rise('refused', 'not-stored') > 0) {
    notices.push(
      danger(
        'Messages could not be stored',
        'They wait on the devices and are passed on. Free space on the disk; nothing is lost.',
      ),
    );
  }
  if (rise('refused', 'rate-limited') > LIMITED_PER_MINUTE) {
    notices.push(note('Somebody is over a rate', 'A script, or a crowd behind one address that outgrew the limits.'));
  }
  if (rise('refused', 'bad-token') > 0) {
    notices.push(
      note(
        'Join tokens are refused',
        'Clocks differ, the secret was changed, or somebody tries. Compare clocks first.',
      ),
    );
  }
  if (rise('turnedAway', 'origin') > 0) {
    notices.push(
      note('A page that is not listed asks for a socket', 'Add its origin to FESTIVAL_CHAT_ORIGINS if it is yours.'),
    );
  }
  const cut = rise('ended', 'flooding') + rise('ended', 'hostile');
  if (cut > 0) {
    notices.push(
      note(
        `${counted(cut, 'socket')} cut in the last minute`,
        'A script. An address that goes on: block it at the proxy.',
      ),
    );
  }
  return notices;
}

function meshNotices({ mesh }: Overview): Notice[] {
  const dials = mesh.successfulP2PConnections + mesh.failedP2PConnections;
  const share = mesh.successfulP2PConnections / dials;
  if (dials < DIALS_MIN || share >= 0.5) return [];
  const advice = 'Networks that isolate their clients need TURN; else switch the mesh off, it costs batteries.';
  return [note(`Only ${percent(share)} of dials become a link`, advice)];
}

function lockNotices({ activity, analytics }: Overview): Notice[] {
  const locked = activity.find(({ type }) => type === 'administration-locked');
  if (locked === undefined || analytics.nowMs - locked.atMs > LOCKED_MS) return [];
  const advice =
    'Ten wrong administrator’s tokens came from one address. Use 32 random bytes, and change them if they were shown to anybody.';
  return [note(`Somebody guessed at this door ${duration(analytics.nowMs - locked.atMs)} ago`, advice)];
}

function of(counts: Readonly<Record<string, number>>, name: string): number {
  return counts[name] ?? 0;
}

function isRestarted(now: Overview, earlier: Overview): boolean {
  return now.analytics.startedAtMs !== earlier.analytics.startedAtMs;
}

function danger(title: string, advice: string): Notice {
  return { level: 'danger', title, advice };
}

function note(title: string, advice: string): Notice {
  return { level: 'note', title, advice };
}
