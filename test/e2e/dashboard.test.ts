// The operator's dashboard in a real browser, at a real server with real visitors; pictures of it go to test-results.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { ADMIN_TOKEN, TestServer } from '../support/start-server.js';
import { until } from '../support/until.js';
import { Visitor, startBrowser } from '../support/visitor.js';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
/** Conditions are waited for; only a hang takes this long. */
const PATIENCE_MS = 30_000;
/** More stops of the Tab key than any page has. */
const STOPS_MAX = 200;

let browser: Browser;
let server: TestServer;
before(async () => {
  mkdirSync('test-results', { recursive: true });
  [browser, server] = await Promise.all([startBrowser(), TestServer.start()]);
});
after(async () => {
  await browser.close();
  await server.end();
});

/** An administrator at the dashboard. */
class Operator {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and policy violations the page has reported, and requests to anywhere else. */
  readonly problems: string[] = [];
  readonly addresses: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      // What the server refuses, and what is asked while it is down, the browser says too; the page has to.
      if (message.type() === 'error' && !/net::ERR_|Failed to load resource/.test(text)) this.problems.push(text);
    });
    page.on('request', (request) => {
      this.addresses.push(request.url());
      if (!request.url().startsWith(server.url) && !request.url().startsWith('blob:'))
        this.problems.push(request.url());
    });
  }

  static async open(options: BrowserContextOptions = {}): Promise<Operator> {
    const context = await browser.newContext(options);
    const operator = new Operator(context, await context.newPage());
    await operator.page.goto(`${server.url}/admin`);
    await operator.page.getByRole('button', { name: 'Open the dashboard' }).waitFor();
    return operator;
  }

  static async signedIn(options: BrowserContextOptions = {}): Promise<Operator> {
    const operator = await Operator.open(options);
    await operator.signIn(ADMIN_TOKEN);
    await operator.page.getByRole('heading', { name: 'Overview' }).waitFor();
    return operator;
  }

  /** By the keyboard: the name has the focus, Enter sends. */
  async signIn(token: string): Promise<void> {
    await this.page.getByLabel('Your name').fill('Zoë');
    await this.page.getByLabel('Administrator’s token').fill(token);
    await this.page.keyboard.press('Enter');
  }

  async goTo(name: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name }).click();
    await this.page.getByRole('heading', { name, level: 1 }).waitFor();
  }

  /** What the page shows, and has reported, when something on it does not come. */
  async explained(waiting: Promise<void>): Promise<void> {
    await waiting.catch(async (cause: unknown) => {
      const shown = await this.page.locator('body').ariaSnapshot();
      throw new Error(`${this.page.url()}\n${shown}\n${this.problems.join('\n')}`, { cause });
    });
  }

  /** Presses Tab until the focus is there. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stops = 0; stops < STOPS_MAX; stops += 1) {
      if (await target.evaluate((element) => element.matches(':focus'))) return;
      await this.page.keyboard.press('Tab');
    }
    assert.fail('the Tab key does not get there');
  }

  async done(): Promise<void> {
    assert.deepEqual(this.problems, []);
    for (const address of this.addresses) assert.ok(!decodeURIComponent(address).includes(ADMIN_TOKEN), address);
    await this.context.close();
  }
}

/** What axe finds in the page as it stands. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugging protocol, which the page's policy does not concern.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run();
    return found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`);
  });
}

test('a wrong token is told, the right one opens, a reload keeps it in its tab, signing out forgets it', async () => {
  const operator = await Operator.open();
  const { page } = operator;
  await operator.signIn('a wrong token');
  await page.getByText('The server does not take this token.').waitFor();
  assert.ok(await page.getByLabel('Administrator’s token').evaluate((input) => input.matches(':focus')));
  await operator.signIn(ADMIN_TOKEN);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const other = await operator.context.newPage();
  await other.goto(`${server.url}/admin`);
  await other.getByRole('button', { name: 'Open the dashboard' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Open the dashboard' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Open the dashboard' }).waitFor();
  await operator.done();
});

test('figures, messages and the picture of links follow what visitors do, without a reload', async () => {
  const operator = await Operator.signedIn();
  const { page } = operator;
  const figure = (label: string, value: string): Promise<void> =>
    page.locator(`admin-figure[label="${label}"] .value`, { hasText: new RegExp(`^${value}$`) }).waitFor();
  await figure('People here', '0');
  const context = await browser.newContext();
  const visit = (name: string): Promise<Visitor> =>
    Visitor.open(context, `${server.url}/?name=${name}&delay=0#lighthouse`);
  const [ada, bob] = [await visit('Ada'), await visit('Bob')];
  await ada.reaches('online', 1);
  await bob.reaches('online', 1);
  await figure('People here', '2');
  await figure('On the mesh', '100 %');
  await page.getByText('Ada').first().waitFor();
  await page
    .getByRole('table')
    .getByRole('link', { name: /lighthouse$/ })
    .click();
  await page.getByText('2 people here, 1 link between them.').waitFor();
  await page.getByRole('img', { name: /2 people, 1 link\./ }).waitFor();
  await ada.write('<img src=x onerror=alert(1)> by the tap');
  await ada.ownAre('stored');
  const row = page.getByRole('listitem').filter({ hasText: 'by the tap' });
  await row.getByText('<img src=x onerror=alert(1)> by the tap').waitFor();
  assert.equal(await page.locator('img').count(), 0);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const file = await saved;
  assert.match(file.suggestedFilename(), /_lighthouse-\d{4}-\d\d-\d\d\.csv$/);
  assert.match(readFileSync(await file.path(), 'utf8'), /"message",.*by the tap/);
  await context.close();
  await page.getByText('Nobody is here now.').waitFor();
  await row.waitFor();
  await operator.done();
});

test('with the keyboard alone: an action is asked about, done, seen to be done, and stands in the audit', async () => {
  const operator = await Operator.signedIn();
  const { page } = operator;
  await operator.tabTo(page.getByRole('navigation').getByRole('link', { name: 'Server' }));
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () =>
      document.querySelector('admin-app')?.shadowRoot?.querySelector('admin-desk')?.shadowRoot?.activeElement
        ?.localName === 'admin-server',
  );
  const off = page.getByRole('button', { name: 'Switch it off…' });
  await operator.tabTo(off);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Switch the mesh off' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.ok(await off.evaluate((button) => button.matches(':focus')), 'the focus is back where it was');
  const flags = async (): Promise<boolean> => ((await server.admin('mesh')) as { enabled: boolean }).enabled;
  assert.equal(await flags(), true, 'nothing is done unless it is confirmed');
  await page.keyboard.press('Enter');
  await operator.tabTo(dialog.getByRole('button', { name: 'Switch off' }));
  await page.keyboard.press('Enter');
  await dialog.getByText('The server says: mesh off. 0 links are open at this moment.').waitFor();
  assert.equal(await flags(), false);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Switch it on…' }).waitFor();
  await operator.goTo('Audit');
  const row = page.getByRole('row').filter({ hasText: '{"enabled":false}' });
  await row.getByText('Zoë').waitFor();
  await row.getByText('done', { exact: true }).waitFor();
  await server.admin('mesh', { enabled: true });
  await operator.done();
});

test('what is done to rooms and people has its effect on a visitor’s page, and the dashboard says what it saw', async () => {
  const visitors = await browser.newContext();
  const ada = await Visitor.open(visitors, `${server.url}/?name=Ada&mesh=off#campsite`);
  const troll = await Visitor.open(await browser.newContext(), `${server.url}/?name=Troll&mesh=off#campsite`);
  await ada.write('where is the shuttle?');
  await troll.write('something rude');
  await ada.sees('something rude');
  const operator = await Operator.signedIn();
  const { page } = operator;
  const dialog = page.getByRole('dialog');
  const confirm = async (verb: string, effect: RegExp): Promise<void> => {
    await dialog.getByRole('button', { name: verb }).click();
    await dialog.getByText(effect).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
  };
  await page
    .getByRole('table')
    .getByRole('link', { name: /campsite$/ })
    .click();
  const row = (text: string): Locator => page.getByRole('listitem').filter({ hasText: text });
  const act = async (text: string, name: string): Promise<void> => {
    await row(text).getByText('Actions').click();
    await row(text).getByRole('button', { name }).click();
  };
  await page.locator('admin-room').getByRole('button', { name: 'Announce…' }).click();
  await dialog.getByLabel('Text').fill('The shuttle leaves at two');
  await confirm('Announce', /^Announced in 1 room\. Read back from default\/campsite at place \d+\.$/);
  await row('The shuttle leaves at two').getByText('Organisers').waitFor();
  await until(async () => (await ada.texts()).includes('The shuttle leaves at two'));
  await act('something rude', 'Remove');
  await confirm('Remove', /^Removed\. Read back from default\/campsite/);
  await row('A message of Troll was removed.').waitFor();
  await until(async () => !(await ada.texts()).includes('something rude'));
  await page.getByRole('button', { name: 'Slow mode…' }).click();
  await dialog.getByLabel('Each person').selectOption('60');
  await confirm('Set', /^One message every 60 s\. Read back/);
  await page.getByText('Slow mode: a message every 60 s.').waitFor();
  await act('where is the shuttle?', 'Pin');
  await confirm('Pin', /^Pinned\. Read back/);
  await row('where is the shuttle?').getByText('pinned').waitFor();
  await operator.goTo('People');
  const shownPeople = page.locator('admin-people').getByRole('status');
  await shownPeople.getByText('2 people').waitFor();
  await page.getByRole('searchbox').fill('troll');
  await shownPeople.getByText('1 person').waitFor();
  await page.getByRole('row').filter({ hasText: 'Troll' }).getByRole('button', { name: 'Mute' }).click();
  await dialog.getByRole('heading', { name: /^Mute Troll \([\w-]{4}\)$/ }).waitFor();
  await confirm('Mute', /^Muted in \d+ rooms?\. Read back/);
  await page.getByRole('row').filter({ hasText: 'Troll' }).getByRole('button', { name: 'Ban' }).click();
  await confirm('Ban', /^1 connection closed in .* Not among the people here any more\. .* among its bans now\.$/);
  await until(async () => (await troll.status())?.connection !== 'online');
  await operator.goTo('Moderation');
  await page.getByText('1 device').first().waitFor();
  await page.screenshot({ path: 'test-results/dashboard-moderated.png', fullPage: true });
  await page.getByRole('button', { name: 'Lift…' }).first().click();
  await confirm('Lift', /does not list it among its bans now\.$/);
  await troll.reaches('online');
  await operator.goTo('Server');
  await page.getByRole('button', { name: 'Wipe the database…' }).click();
  await dialog.getByLabel(/Type .wipe. to go on/).fill('wipe');
  await confirm('Wipe everything', /^Wiped: \d+ rooms? cleared\. Looked into \d+: 0 messages left\.$/);
  await until(async () => (await ada.texts()).length === 0);
  await operator.goTo('Audit');
  await page.getByRole('row').filter({ hasText: 'database/wipe' }).getByText('done', { exact: true }).waitFor();
  await operator.done();
  await visitors.close();
  await troll.page.context().close();
});

test('a hidden tab asks for nothing, and asks at once when it is seen again', async () => {
  const operator = await Operator.open();
  const { page } = operator;
  await page.clock.install();
  await operator.signIn(ADMIN_TOKEN);
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  const show = (isHidden: boolean): Promise<void> =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await show(true);
  const asked = operator.addresses.length;
  await page.clock.runFor(120_000);
  assert.equal(operator.addresses.length, asked);
  const next = page.waitForRequest(/overview$/);
  await show(false);
  await next;
  await page.clock.runFor(2_500);
  await page.waitForRequest(/overview$/);
  await operator.done();
});

test('who is locked out is told until when', async () => {
  const other = await TestServer.start();
  try {
    const headers = { Authorization: 'Bearer a guess' };
    for (let count = 0; count < 10; count += 1) await fetch(`${other.url}/admin/overview`, { headers });
    const page = await browser.newPage();
    await page.goto(`${other.url}/admin`);
    await page.getByLabel('Administrator’s token').fill(ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.getByText(/Too many wrong tokens\. This address may try again in (9|10) min\./).waitFor();
    await page.close();
  } finally {
    await other.end();
  }
});

test('a server that goes is told, what was seen stays, and all is live again when it is back', async () => {
  const operator = await Operator.signedIn({ viewport: { width: 390, height: 844 } });
  const { page } = operator;
  await page.getByText('Nothing needs you right now.').waitFor();
  await server.stop('SIGKILL');
  await page.getByText('Server unreachable, trying again.').waitFor();
  await page.locator('admin-figure[label="People here"]').waitFor();
  await page.screenshot({ path: 'test-results/dashboard-unreachable.png' });
  await operator.goTo('People');
  await page.getByText('Nothing to show until the server answers.').waitFor();
  await server.start();
  await page.getByText('Nobody is here.').waitFor();
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await operator.done();
});

for (const [name, viewport] of [
  ['phone', { width: 390, height: 844 }],
  ['desktop', { width: 1280, height: 900 }],
] as const) {
  test(`every page on a ${name}, light and dark: axe finds nothing, nothing overflows`, async () => {
    const visitors = await browser.newContext();
    const ada = await Visitor.open(visitors, `${server.url}/?name=Ada&mesh=off#main-stage`);
    await ada.write(`Seen on a ${name}`);
    await ada.ownAre('stored');
    const operator = await Operator.open({ viewport, hasTouch: name === 'phone' });
    const { page } = operator;
    const look = async (what: string): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `test-results/dashboard-${name}-${colorScheme}-${what}.png`, fullPage: true });
        assert.deepEqual(await violations(page), [], `${what}, ${colorScheme}`);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${what} is ${overflow} px wider than the screen`);
    };
    await look('sign-in');
    await operator.signIn(ADMIN_TOKEN);
    await page.getByRole('img', { name: /in the last hour/ }).waitFor();
    await look('overview');
    await operator.goTo('Rooms');
    await page.getByRole('link', { name: /main-stage$/ }).waitFor();
    await look('rooms');
    await page.getByRole('link', { name: /main-stage$/ }).click();
    await page.getByRole('heading', { name: 'default/main-stage' }).waitFor();
    const row = page.getByRole('listitem').filter({ hasText: `Seen on a ${name}` });
    await operator.explained(row.getByText('Actions').click());
    await look('room');
    await row.getByRole('button', { name: 'Ban' }).click();
    await page.getByRole('dialog', { name: 'Ban Ada' }).waitFor();
    await look('dialog');
    await page.keyboard.press('Escape');
    for (const other of ['People', 'Moderation', 'Audit', 'Server']) {
      await operator.goTo(other);
      await until(async () => (await page.locator('main').getByText('Loading…').count()) === 0);
      await look(other.toLowerCase());
    }
    await operator.done();
    await visitors.close();
  });
}
