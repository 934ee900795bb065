// The dashboard's page as it is served, and those parts of it that need no browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Overview } from '../../server/http/admin.js';
import { attention } from '../../server/dashboard/attention.js';
import { clock, count, duration, milliseconds, percent } from '../../server/dashboard/figures.js';
import { layout } from '../../server/dashboard/layout.js';
import { messagesIn } from '../../server/dashboard/messages.js';
import { hrefOf, placeIn } from '../../server/dashboard/place.js';
import type { LogPage } from '../../server/http/room-log.js';
import { running } from '../support/running-server.js';

test(
  'the page is served with a policy that allows nothing from elsewhere, and cannot be framed',
  running(async ({ url }) => {
    const page = await fetch(`${url}/admin`);
    assert.equal(page.status, 200);
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
      assert.ok(policy.includes(part), part);
    }
    assert.ok(!/https?:|unsafe|\*/.test(policy), policy);
    assert.equal(page.headers.get('access-control-allow-origin'), null);
    assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
    const addresses = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    assert.deepEqual(addresses, ['dashboard/icon.svg', 'dashboard/dashboard.js']);
    for (const address of addresses) assert.equal((await fetch(`${url}/${address}`)).status, 200, address);
    const slash = await fetch(`${url}/admin/`);
    assert.equal(new URL(slash.url).pathname, '/admin');
    assert.equal((await fetch(`${url}/dashboard/..%2Ffestival-chat.js`)).status, 404);
  }),
);

test(
  'without a token there is no page either',
  running(
    async ({ url }) => {
      const answer = await fetch(`${url}/admin`);
      assert.equal(answer.status, 403);
      assert.match(await answer.text(), /FESTIVAL_CHAT_ADMIN_TOKEN/);
    },
    { adminToken: null },
  ),
);

test(
  'attention: a quiet server needs nobody; each trouble is told with what to do, and goes when it is over',
  running(async ({ join, admin }) => {
    await join();
    const calm = (await admin('overview')).body as unknown as Overview;
    const quiet: Overview = { ...calm, analytics: { ...calm.analytics, eventLoopLag: { meanMs: 0, p99Ms: 0 } } };
    assert.deepEqual(attention(quiet, null), []);
    assert.deepEqual(attention(quiet, quiet), []);
    const titles = (now: Overview, earlier: Overview | null = quiet): string[] =>
      attention(now, earlier).map(({ title }) => title);
    const withAnalytics = (change: Partial<Overview['analytics']>): Overview => ({
      ...quiet,
      analytics: { ...quiet.analytics, ...change },
    });
    assert.match(titles(withAnalytics({ eventLoopLag: { meanMs: 1, p99Ms: 900 } }))[0] ?? '', /900 ms behind/);
    const full = withAnalytics({ refused: { 'not-stored': 3 } });
    assert.deepEqual(titles(full), ['Messages could not be stored']);
    assert.deepEqual(titles(full, full), [], 'it was refused earlier, not now');
    const restarted = withAnalytics({ startedAtMs: quiet.analytics.startedAtMs + 1, refused: { 'not-stored': 3 } });
    assert.deepEqual(titles(restarted), [], 'counts of two starts are not compared');
    assert.deepEqual(titles({ ...quiet, obstacles: ['draining'] }), ['No new visitor gets in']);
    const mesh = (successfulP2PConnections: number, failedP2PConnections: number): Overview => ({
      ...quiet,
      mesh: { ...quiet.mesh, successfulP2PConnections, failedP2PConnections },
    });
    assert.deepEqual(titles(mesh(2, 8)), ['Only 20 % of dials become a link']);
    assert.deepEqual(titles(mesh(0, 3)), [], 'three dials say nothing');
    const locked = (agoMs: number): Overview => ({
      ...quiet,
      activity: [{ atMs: quiet.analytics.nowMs - agoMs, type: 'administration-locked' }],
    });
    assert.equal(titles(locked(60_000)).length, 1);
    assert.equal(titles(locked(3_600_000)).length, 0);
  }),
);

test(
  'messages are shown as people see them now, a stranger’s change left out',
  running(async ({ join, admin }) => {
    const [ada, bob] = [await join(), await join()];
    const { room, device } = ada;
    const first = device.record(room, 'first words');
    const second = device.record(room, 'to be taken back');
    const id = `${first.author}.${first.session}.${first.seq}`;
    for (const record of [first, second]) {
      ada.publish([record]);
      await ada.next('placed');
    }
    const body = (change: object): never => ({ name: undefined, text: undefined, ...change }) as never;
    ada.publish([device.record(room, '', body({ kind: 'edit', target: id, text: 'better words' }))]);
    await ada.next('placed');
    ada.publish([
      device.record(room, '', body({ kind: 'retract', target: `${second.author}.${second.session}.${second.seq}` })),
    ]);
    await ada.next('placed');
    bob.publish([bob.device.record(room, '', body({ kind: 'edit', target: id, text: 'words of a stranger' }))]);
    await bob.next('placed');
    bob.publish([bob.device.record(room, '', body({ kind: 'reaction', target: id, emoji: '🔥', isOn: true }))]);
    await bob.next('placed');
    const { entries } = (await admin('rooms/default%2Flobby/messages')).body as unknown as LogPage;
    const [one, two] = messagesIn(room, entries);
    assert.deepEqual([one?.text, one?.isEdited, one?.reactions], ['better words', true, 1]);
    assert.deepEqual([two?.text, two?.isRetracted], ['to be taken back', true]);
  }),
);

test('the picture: everybody has a spot of one’s own, hubs of a crowd stand inside, and it does not change by itself', () => {
  const members = Array.from({ length: 30 }, (_, index) => `member ${index}`);
  const links = members.slice(1).map((member, index) => ({ ends: [members[index % 2] ?? '', member] as const }));
  const spots = layout(members, links);
  assert.equal(spots.size, members.length);
  const places = new Set([...spots.values()].map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`));
  assert.equal(places.size, members.length);
  const radius = (member: string): number => Math.hypot(spots.get(member)?.x ?? 0, spots.get(member)?.y ?? 0);
  assert.ok(radius('member 0') < 0.5 && radius('member 1') < 0.5 && radius('member 7') > 0.9);
  assert.deepEqual([...layout([...members].reverse(), [...links].reverse())].sort(), [...spots].sort());
  assert.deepEqual([...layout(['alone'], []).keys()], ['alone']);
  assert.equal(layout([], []).size, 0);
});

test('an address names a page and a room, and what it does not name is the overview', () => {
  assert.deepEqual(placeIn(hrefOf('rooms', 'default/main.stage')), { page: 'rooms', room: 'default/main.stage' });
  assert.deepEqual(placeIn(hrefOf('audit')), { page: 'audit', room: null });
  for (const hash of ['', '#', '#/nothing', '#/__proto__'])
    assert.deepEqual(placeIn(hash), { page: 'overview', room: null });
  assert.equal(placeIn('#/rooms/%E0%A4').room, '%E0%A4');
});

test('figures in words', () => {
  assert.deepEqual([count(1_234), count(1_250_000)], ['1,234', '1.3M']);
  assert.deepEqual([percent(null), percent(0.666)], ['–', '67 %']);
  assert.deepEqual([milliseconds(null), milliseconds(3.14159), milliseconds(1_234.5)], ['–', '3.1 ms', '1,235 ms']);
  assert.deepEqual([4_000, 125_000, 3_900_000, 200_000_000].map(duration), ['4 s', '2 min', '1 h 5 min', '2 d 7 h']);
  const now = new Date(2026, 6, 4, 23, 30).getTime();
  assert.equal(clock(now - 3_600_000, now), '22:30:00');
  assert.match(clock(now - 86_400_000, now), /3 Jul 2026.* 23:30:00/);
});
