// What the service worker hands over, and what it makes of each answer. Real IndexedDB and keys; the server is a
// function here, the real one is asked in test/e2e/background-sync.test.ts.

import { expect } from '@open-wc/testing';
import { deleteDB, openDB } from 'idb';
import { placeOfWire } from '../../../src/core/record-frames.js';
import type { KeptRecord } from '../../../src/core/room-io.js';
import type { DeviceKey } from '../../../src/engine/crypto-suite.js';
import { openStorage, wipeStorage } from '../../../src/engine/storage.js';
import type { ChatStorage } from '../../../src/engine/storage.js';
import { storageName } from '../../../src/engine/kept-schema.js';
import { webCryptoSuite } from '../../../src/engine/webcrypto-suite.js';
import { handOverOutboxes } from '../../../src/offline/outbox.js';
import { recordBytes } from '../../../src/protocol/canonical.js';
import { decodeFrameText } from '../../../src/protocol/decode.js';
import type { Frame, FrameOf, Place } from '../../../src/protocol/frames.js';
import { TOKEN_HEADER, handoverPath } from '../../../src/protocol/handover.js';
import { roomKey } from '../../../src/protocol/ids.js';
import type { SessionId } from '../../../src/protocol/ids.js';
import { LIMITS } from '../../../src/protocol/limits.js';
import { fromWire } from '../../../src/protocol/record.js';
import { readClaim } from '../../../src/protocol/request-claim.js';

const SERVER = 'https://chat.example:8443';
const NAME = storageName(SERVER, 'field.2026');
const ROOM = roomKey('field.2026', 'lobby');
const OTHER = roomKey('field.2026', 'other');
const EPOCH = 'epoch000';
const suite = webCryptoSuite(crypto.subtle);
const realFetch = globalThis.fetch;

interface Asked {
  readonly url: string;
  readonly headers: Headers;
  readonly frame: FrameOf<'records' | 'have'>;
}

/** Every request, in order. */
const asked: Asked[] = [];
/** What the server says to the next request, and to all after it. */
let answer: (asked: Asked) => Response;
let storage: ChatStorage;
let device: DeviceKey;

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status });
}

function answerWith(...frames: readonly Frame[]): Response {
  return json(frames);
}

/** All of it is stored, one after the other. */
function placed({ frame }: Asked): Response {
  return answerWith({ type: 'placed', room: ROOM, epoch: EPOCH, head: 99, places: placesOf(frame) });
}

function recordsOf(frame: Asked['frame']): FrameOf<'records'>['records'] {
  return frame.type === 'records' ? frame.records : [];
}

function placesOf(frame: Asked['frame']): Place[] {
  return recordsOf(frame).map((wire, index) => placeOfWire(fromWire(ROOM, wire), 7 + index, null));
}

function refused(code: FrameOf<'refused'>['code']): (asked: Asked) => Response {
  return () => answerWith({ type: 'refused', room: ROOM, code, message: 'Not this.', ids: [idOfSeq(1)] });
}

const idOfSeq = (seq: number, { author } = device): KeptIds[number] =>
  `${author}.${'s'.repeat(12)}.${seq}` as KeptIds[number];
type KeptIds = Parameters<ChatStorage['forget']>[1];

async function keep(seq: number, change: Partial<KeptRecord> = {}, by = device): Promise<void> {
  const body = { kind: 'message', name: 'Ada', text: `message ${seq}` } as const;
  const draft = { room: ROOM, author: by.author, session: 's'.repeat(12) as SessionId, seq, time: seq, body };
  const record = { ...draft, signature: await suite.sign(by, recordBytes(draft)) };
  await storage.save({ record, arrivedAtMs: seq, route: 'p2p', hops: 0, offset: null, epoch: null, ...change }, true);
}

async function keptOf(seq: number): Promise<KeptRecord | undefined> {
  return (await storage.load(ROOM)).records.find(({ record }) => record.seq === seq);
}

async function names(): Promise<string[]> {
  return (await indexedDB.databases()).flatMap(({ name = '' }) => name).sort();
}

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => String(error),
  );
}

beforeEach(async () => {
  asked.splice(0);
  answer = placed;
  storage = await openStorage(NAME);
  device = await storage.deviceKey(await suite.createKey());
  globalThis.fetch = async (url, init) => {
    const decoded = decodeFrameText(init?.body);
    if (!decoded.ok || (decoded.frame.type !== 'records' && decoded.frame.type !== 'have')) {
      throw new Error('the worker sent neither records nor an offer of some');
    }
    const request = { url: new Request(url).url, headers: new Headers(init?.headers), frame: decoded.frame };
    asked.push(request);
    return Promise.resolve(answer(request));
  };
});
afterEach(async () => {
  globalThis.fetch = realFetch;
  storage.close();
  await wipeStorage(NAME);
});

describe('handing the outbox over', () => {
  it('sends what this device wrote and no server has, and notes its places', async () => {
    await storage.savePosition(ROOM, { epoch: EPOCH, offset: 5 });
    await keep(1);
    await keep(2, { offset: 4, epoch: EPOCH });
    await keep(3, { offset: 4, epoch: 'an earlier epoch' });
    await keep(4, { refusal: 'Not this.', refusalCode: 'filtered' });
    await handOverOutboxes();
    expect(asked.map(({ url }) => url)).to.deep.equal([`${SERVER}${handoverPath(ROOM)}`]);
    expect(asked.flatMap(({ frame }) => recordsOf(frame).map(([, , seq]) => seq))).to.deep.equal([1, 3]);
    const claim = readClaim(asked[0]?.headers.get('Authorization') ?? '');
    expect(claim?.peer.startsWith(`${device.author}.`)).to.equal(true);
    expect([(await keptOf(1))?.offset, (await keptOf(1))?.epoch]).to.deep.equal([7, EPOCH]);
    expect([(await keptOf(3))?.offset, (await keptOf(3))?.epoch]).to.deep.equal([8, EPOCH]);
    await handOverOutboxes();
    expect(asked.length).to.equal(1);
  });

  it('offers what others wrote, sends what is asked for, and never takes a refusal of it for its own', async () => {
    const other = await suite.createKey();
    for (const seq of [1, 2, 3]) await keep(seq, {}, other);
    const idOf = (seq: number): KeptIds[number] => idOfSeq(seq, other);
    answer = ({ frame }) =>
      frame.type === 'have'
        ? answerWith({ type: 'want', room: ROOM, ids: [idOf(2), idOf(3)] })
        : answerWith({ type: 'refused', room: ROOM, code: 'filtered', message: 'Not this.', ids: [idOf(2)] });
    await handOverOutboxes();
    const [offered, sent] = asked.map(({ frame }) => frame);
    expect(offered?.type === 'have' && offered.ids).to.deep.equal([idOf(1), idOf(2), idOf(3)]);
    expect(sent?.type === 'records' && sent.records.map(([, , seq]) => seq)).to.deep.equal([2, 3]);
    expect((await keptOf(2))?.refusal).to.equal(undefined);
  });

  it('sends a long outbox in frames that the server takes', async () => {
    for (let seq = 1; seq <= LIMITS.recordsPerFrameMax + 1; seq += 1) await keep(seq);
    await handOverOutboxes();
    expect(asked.map(({ frame }) => recordsOf(frame).length)).to.deep.equal([LIMITS.recordsPerFrameMax, 1]);
  });

  it('brings the join token that the page has left', async () => {
    await keep(1);
    await storage.keepFact('tokens', { [ROOM]: 'a token' });
    await handOverOutboxes();
    expect(asked[0]?.headers.get(TOKEN_HEADER)).to.equal('a token');
  });

  it('forgets the join token of a room where nothing waits any more, and of no other', async () => {
    await storage.savePosition(ROOM, { epoch: EPOCH, offset: 5 });
    await keep(1);
    await storage.keepFact('tokens', { [ROOM]: 'a token', [OTHER]: 'of a room without anything' });
    answer = refused('not-stored');
    await failure(handOverOutboxes());
    expect(await storage.fact('tokens')).to.deep.equal({ [ROOM]: 'a token' });
    answer = placed;
    await handOverOutboxes();
    expect(await storage.fact('tokens')).to.deep.equal({});
  });

  it('asks again by the server’s clock when its own is wrong', async () => {
    await keep(1);
    const timeMs = Date.now() + 3_600_000;
    const timeOf = (at: number): number => readClaim(asked[at]?.headers.get('Authorization') ?? '')?.timeMs ?? 0;
    answer = (request) =>
      asked.length === 1 ? json({ code: 'bad-proof', message: '', timeMs }, 403) : placed(request);
    await handOverOutboxes();
    expect(timeOf(1) - timeOf(0)).to.be.within(3_500_000, 3_700_000);
    expect((await keptOf(1))?.offset).to.equal(7);
  });

  it('notes what was refused for good, as the page would', async () => {
    await keep(1);
    answer = refused('filtered');
    await handOverOutboxes();
    const { refusal, refusalCode, offset } = (await keptOf(1)) ?? {};
    expect([refusal, refusalCode, offset]).to.deep.equal(['Not this.', 'filtered', null]);
  });

  it('is not asked again by what would be refused again', async () => {
    await keep(1);
    answer = () => json({ code: 'banned', message: 'Not you.', retryAfterMs: 60_000 }, 403);
    await handOverOutboxes();
    expect([asked.length, (await keptOf(1))?.refusal]).to.deep.equal([1, undefined]);
  });

  const LATER: readonly (readonly [string, () => Response])[] = [
    ['cannot store now', () => refused('not-stored')(asked[0] as Asked)],
    ['has too much to do', () => json({ code: 'rate-limited', message: '', retryAfterMs: 5_000 }, 429)],
    ['is not there, and a sign-in page is in its place', () => new Response('<h1>Welcome</h1>', { status: 200 })],
    ['is not there, and its proxy says so', () => new Response('Bad Gateway', { status: 502 })],
  ];
  for (const [what, says] of LATER) {
    it(`leaves it to the browser to try again when the server ${what}`, async () => {
      await keep(1);
      answer = says;
      expect(await failure(handOverOutboxes())).to.not.equal('none');
      expect([(await keptOf(1))?.offset, (await keptOf(1))?.refusal]).to.deep.equal([null, undefined]);
    });
  }

  it('brings nothing back that was erased meanwhile, and believes no place of another record', async () => {
    await keep(1);
    await keep(2);
    answer = (request) => {
      void storage.forget(ROOM, [idOfSeq(1)]);
      const wrong = placesOf(request.frame).map(
        ([id, offset]) => [id, offset, 'A'.repeat(LIMITS.signatureTagLength), null] as const,
      );
      return answerWith({ type: 'placed', room: ROOM, epoch: EPOCH, head: 99, places: wrong as never });
    };
    await handOverOutboxes();
    expect(await keptOf(1)).to.equal(undefined);
    expect((await keptOf(2))?.offset).to.equal(null);
  });

  it('passes over databases that are not the chat’s, and makes none', async () => {
    const strangers = [`${NAME}:photos`, 'somebody-else', 'festival-chat:https://chat.example:8443:no stores'];
    for (const name of strangers) (await openDB(name)).close();
    const before = await names();
    await keep(1);
    await handOverOutboxes();
    expect(asked.length).to.equal(1);
    expect(await names()).to.deep.equal(before);
    for (const name of strangers) await deleteDB(name);
  });
});
