// What administrators read of a room: pages, the picture of its links, and files of the whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine } from '../../server/http/csv.js';
import { RoomLog } from '../../server/http/room-log.js';
import type { LogPage } from '../../server/http/room-log.js';
import type { LinksView } from '../../server/http/room-routes.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import { roomKey } from '../../src/protocol/ids.js';
import { Device } from '../support/device.js';
import type { RawClient } from '../support/device.js';
import { ADMIN_TOKEN, running } from '../support/running-server.js';

const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };

/** Writes texts, each stored before the next. */
async function write(client: RawClient, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    client.publish([client.device.record(client.room, text)]);
    await client.next('placed');
  }
}

function textsOf({ entries }: LogPage): string[] {
  return entries.map(({ body }) => (body.kind === 'message' ? body.text : body.kind));
}

test(
  'a room is read backwards in pages, forwards from a place, and after everybody has left',
  running(async ({ join, admin }) => {
    const ada = await join();
    await write(ada, ['one', 'two', 'three', 'four', 'five']);
    const read = async (query: string): Promise<LogPage> => {
      const { status, body } = await admin(`rooms/default%2Flobby/messages?${query}`);
      assert.equal(status, 200);
      return body as unknown as LogPage;
    };
    const latest = await read('limit=2');
    assert.deepEqual([textsOf(latest), latest.head, latest.before], [['four', 'five'], 5, 4]);
    const earlier = await read('limit=2&before=4');
    assert.deepEqual([textsOf(earlier), earlier.before], [['two', 'three'], 2]);
    const first = await read('limit=2&before=2');
    assert.deepEqual([textsOf(first), first.before], [['one'], null]);
    assert.deepEqual(textsOf(await read('after=3')), ['four', 'five']);
    assert.deepEqual(textsOf(await read('after=5')), []);
    const [entry] = first.entries;
    assert.equal(entry?.author, ada.device.author);
    assert.ok(Math.abs(entry.sentAtMs - entry.storedAtMs) < 60_000);
    ada.close();
    for (let members = 1; members > 0;) members = (await admin('analytics')).body['members'] as number;
    assert.deepEqual(textsOf(await read('limit=1')), ['five']);
  }),
);

test(
  'the list has rooms that people have left, after those with people in them',
  running(async ({ join, admin }) => {
    const ada = await join('a-left');
    await write(ada, ['one', 'two']);
    ada.close();
    const bob = await join('b-full');
    for (let members = 2; members > 1;) members = (await admin('analytics')).body['members'] as number;
    const nobody = { p2pUsers: 0, links: 0 };
    const left = { room: 'default/a-left', members: 0, head: 2, ...nobody };
    const full = { room: 'default/b-full', members: 1, head: 0, ...nobody };
    assert.deepEqual((await admin('rooms')).body, { total: 2, items: [left, full], next: null });
    assert.deepEqual((await admin('rooms?order=members')).body['items'], [full, left]);
    assert.deepEqual((await admin('rooms?order=members&limit=1')).body, { total: 2, items: [full], next: null });
    assert.deepEqual((await admin('rooms?find=LEFT')).body['items'], [left]);
    bob.close();
  }),
);

test(
  'what names no room, no number or no format is told so',
  running(async ({ join, admin }) => {
    await join();
    const status = async (path: string): Promise<[number, unknown]> => {
      const { status: code, body } = await admin(path);
      return [code, body['code']];
    };
    assert.deepEqual(await status('rooms/default%2Fnowhere/messages'), [404, 'no-such-room']);
    assert.deepEqual(await status('rooms/no-slash/messages'), [404, 'no-such-room']);
    assert.deepEqual(await status('rooms/default%2Fnowhere/links'), [404, 'no-such-room']);
    assert.deepEqual(await status('rooms/default%2Fnowhere/export'), [404, 'no-such-room']);
    assert.deepEqual(await status('rooms/default%2Flobby/messages?limit=501'), [400, 'bad-query']);
    assert.deepEqual(await status('rooms/default%2Flobby/messages?before=-1'), [400, 'bad-query']);
    assert.deepEqual(await status('rooms/default%2Flobby/export?format=xls'), [400, 'bad-query']);
    assert.deepEqual((await admin('rooms/default%2Flobby/messages')).body['entries'], [], 'a room with people only');
  }),
);

test(
  'the picture of links names the members and the links both ends report',
  running(async ({ join, admin }) => {
    const [ada, bob, cleo] = [await join(), await join(), await join()];
    ada.reportLinks([bob.device.peer]);
    bob.reportLinks([ada.device.peer]);
    await Promise.all([ada.settled(), bob.settled()]);
    const { body } = await admin('rooms/default%2Flobby/links');
    const picture = body as unknown as LinksView;
    assert.deepEqual(picture.total, { members: 3, links: 1 });
    assert.deepEqual(
      picture.members.map(({ peer }) => peer),
      [...[ada.device.peer, bob.device.peer].sort(), cleo.device.peer],
      'those with links first',
    );
    assert.deepEqual(picture.links[0]?.rttMs, 4);
  }),
);

test(
  'a room is exported whole: JSON as it is, CSV that no spreadsheet runs',
  running(async ({ join, url }) => {
    const ada = await join();
    const texts = ['=HYPERLINK("http://evil.example")', '＋1', '@SUM(A1)', 'two\nlines, "quoted"', 'plain'];
    await write(ada, texts);
    const get = (format: string): Promise<Response> =>
      fetch(`${url}/admin/rooms/default%2Flobby/export?format=${format}`, { headers: bearer });
    const json = await get('json');
    const { room, entries } = (await json.json()) as LogPage;
    assert.equal(room, 'default/lobby');
    assert.deepEqual(
      entries.map(({ body }) => (body.kind === 'message' ? body.text : '')),
      texts,
    );
    const csv = await get('csv');
    assert.match(
      csv.headers.get('content-disposition') ?? '',
      /^attachment; filename="default_lobby-\d{4}-\d\d-\d\d\.csv"$/,
    );
    assert.equal(csv.headers.get('cache-control'), 'no-store');
    const bytes = new Uint8Array(await csv.arrayBuffer());
    assert.deepEqual([...bytes.slice(0, 3)], [0xef, 0xbb, 0xbf], 'Excel takes it for UTF-8');
    const text = new TextDecoder().decode(bytes);
    for (const cell of [
      `"'=HYPERLINK(""http://evil.example"")"`,
      `"'＋1"`,
      `"'@SUM(A1)"`,
      `"two\nlines, ""quoted"""`,
      '"plain"',
    ]) {
      assert.ok(text.includes(`,${cell},`), cell);
    }
  }),
);

test('an export of more than one slice lacks nothing', async () => {
  const store = new MemoryStore(() => 1);
  const [device, room] = [new Device(), roomKey('default', 'lobby')];
  const records = Array.from({ length: 1_203 }, (_, index) => device.record(room, `number ${index}`));
  await store.append(room, records);
  let text = '';
  for await (const piece of new RoomLog(store, room).json(1)) text += piece;
  const { entries } = JSON.parse(text) as LogPage;
  assert.deepEqual(
    entries.map(({ offset }) => offset),
    records.map((_, index) => index + 1),
  );
});

test('a cell that a spreadsheet would take for a formula is made text', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '  =', '\u00a0=']) {
    assert.ok(csvLine([`${start}1+1`]).startsWith(`"'`), JSON.stringify(start));
  }
  assert.equal(csvLine(['a"b', 5, -1]), '"a""b",5,-1\r\n');
});
