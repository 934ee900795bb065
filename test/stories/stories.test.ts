// Every story of the built Storybook, opened: it shows what it is about, reports nothing, and axe finds nothing, in
// light and dark, from left to right and from right to left, and at 200 %; on a phone a finger finds what it presses.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/visitor.js';
import { BuiltStories } from './built-stories.js';
import { StoryPage } from './story-page.js';

/** A page waits more than it works: a few at a time. */
const PAGES = 3;

const stories = BuiltStories.entries.filter((entry) => entry.type === 'story');

let browser: Browser;
let built: BuiltStories;
before(async () => {
  [browser, built] = await Promise.all([startBrowser(), BuiltStories.serve()]);
});
after(async () => {
  await browser.close();
  built.stop();
});

test('there is a story for each state of the slice', () => {
  assert.ok(stories.length >= 60, `${stories.length} stories`);
});

describe('every story', { concurrency: PAGES }, () => {
  /** Pages that show nothing at the moment. */
  const free: StoryPage[] = [];
  for (const { id } of stories) {
    test(id, async () => {
      const page = free.pop() ?? (await StoryPage.open(browser, built.url, id));
      const found = await page.look(id);
      // One on which something went wrong is not used again.
      if (Object.values(found).every((problems) => problems.length === 0)) free.push(page);
      else await page.close();
      assert.deepEqual(found, { shown: [], zoomed: [], turned: [] });
    });
  }
});

describe('every story on a phone', { concurrency: PAGES }, () => {
  const free: StoryPage[] = [];
  for (const { id } of stories) {
    test(`${id} under a finger`, async () => {
      const page = free.pop() ?? (await StoryPage.open(browser, built.url, id, true));
      assert.deepEqual(await page.touch(id), []);
      free.push(page);
    });
  }
});
