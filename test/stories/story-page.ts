// A page of the built Storybook that shows one story after the other, and is asked what it finds in each. Loading the
// page takes far longer than a story, so it is loaded once; what a story leaves on the device goes before the next.

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

const WINDOW = { width: 900, height: 800 };
/** What a page is given of that window at 200 %. */
const ZOOMED = { width: WINDOW.width / 2, height: WINDOW.height / 2 };
const PHONE = { width: 390, height: 844 };
/** What a finger presses is this wide and high: WCAG 2.5.5. */
const TARGET_PX = 44;
/** Excepted there: links within text, and what the menu of a message offers as well. */
const SMALL = 'a, .reaction, .delivery';
/** Only a hang takes this long. */
const PATIENCE_MS = 20_000;

/** The events of Storybook's preview, as far as they are asked for. */
interface Preview {
  readonly __STORYBOOK_ADDONS_CHANNEL__?: {
    last(name: string): readonly unknown[] | undefined;
    emit(name: string, what: unknown): void;
  };
}

/** What is wrong with a story: as it is, at 200 %, and dark from right to left. */
export type Findings = Readonly<Record<'shown' | 'zoomed' | 'turned', readonly string[]>>;

export class StoryPage {
  readonly #page: Page;
  /** Errors, and requests to anywhere else. */
  readonly #problems: string[] = [];

  private constructor(page: Page, url: string) {
    this.#page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.#problems.push(error.message));
    page.on('console', (entry) => entry.type() === 'error' && this.#problems.push(entry.text()));
    page.on('request', (request) => {
      const isOurs = request.url().startsWith(url) || request.url().startsWith('data:');
      if (!isOurs) this.#problems.push(`asked ${request.url()}`);
    });
  }

  /**
   * @param first the story it is loaded with
   * @param isPhone what it is on is small, and touched
   */
  static async open(browser: Browser, url: string, first: string, isPhone = false): Promise<StoryPage> {
    const page = await browser.newPage({
      viewport: isPhone ? PHONE : WINDOW,
      hasTouch: isPhone,
      reducedMotion: 'reduce',
    });
    const opened = new StoryPage(page, url);
    // The addon's own run of axe is off, so that ours is the only one.
    await page.goto(`${url}/iframe.html?id=${first}&viewMode=story&globals=a11y.manual:!true`);
    await opened.#played(first);
    await page.evaluate(AXE);
    return opened;
  }

  async look(id: string): Promise<Findings> {
    await this.#page.setViewportSize(WINDOW);
    const shown = [...(await this.#show(id)), ...(await this.#violations())];
    const zoomed = [...(await this.#zoom()), ...(await this.#violations())];
    await this.#turn();
    const turned = [...(await this.#violations()), ...this.#problems.splice(0)];
    return { shown, zoomed, turned };
  }

  /** On a phone: what is too small for a finger, or out of its reach. */
  async touch(id: string): Promise<string[]> {
    return [...(await this.#show(id)), ...(await this.#misplaced({ targetPx: TARGET_PX, small: SMALL }))];
  }

  close(): Promise<void> {
    return this.#page.close();
  }

  /** Shows the story and waits until its play function has ended. Returns what went wrong. */
  async #show(id: string): Promise<string[]> {
    await this.#page.evaluate((storyId) => {
      localStorage.clear();
      const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as Preview;
      channel?.emit('setCurrentStory', { storyId, viewMode: 'story' });
    }, id);
    const thrown = await this.#played(id);
    const unknown = await this.#page
      .locator('#storybook-root :not(:defined)')
      .evaluateAll((all) => all.map((each) => `<${each.localName}> is not registered`));
    return [...thrown, ...unknown, ...this.#problems.splice(0)];
  }

  /** The same state in dark colours, written from right to left. */
  async #turn(): Promise<void> {
    await this.#page.evaluate(async () => {
      document.documentElement.dir = 'rtl';
      document.body.style.background = '#0d0b12';
      // A part by itself stands in a frame that has its colours.
      for (const frame of document.querySelectorAll<HTMLElement>('.root.part')) frame.dataset['mode'] = 'dark';
      for (const chat of document.querySelectorAll('festival-chat')) chat.setAttribute('color-mode', 'dark');
      await Promise.all([...document.querySelectorAll('festival-chat')].map((chat) => chat.updateComplete));
    });
  }

  /** The same state in a window at 200 %. Returns what has gone over the edge of it. */
  async #zoom(): Promise<string[]> {
    await this.#page.setViewportSize(ZOOMED);
    return this.#misplaced({ targetPx: 0, small: '' });
  }

  /** What can be pressed and is out of the window, or smaller than a target is to be, `small` excepted. */
  async #misplaced(rule: { readonly targetPx: number; readonly small: string }): Promise<string[]> {
    return this.#page.evaluate(({ targetPx, small }) => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const problems = scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px wider than the window`] : [];
      const roots: ParentNode[] = [document];
      for (const root of roots) {
        for (const element of root.querySelectorAll<HTMLElement>('*')) {
          if (element.shadowRoot !== null) roots.push(element.shadowRoot);
          if (!element.matches('button, input, textarea, select, summary, a')) continue;
          const target = element.closest('label') ?? element;
          const { left, right, width, height } = target.getBoundingClientRect();
          if (width < 2 || element.matches('.hidden') || !element.checkVisibility({ visibilityProperty: true }))
            continue;
          const what = element.outerHTML.slice(0, 200);
          if (left < 0 || right > innerWidth) problems.push(`out of the window: ${what}`);
          if (Math.min(width, height) > targetPx - 0.5 || element.matches(small || ':not(*)')) continue;
          problems.push(`${Math.round(width)} × ${Math.round(height)} px for a finger: ${what}`);
        }
      }
      return problems;
    }, rule);
  }

  async #violations(): Promise<string[]> {
    return this.#page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: {
          run(root: string, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        };
      };
      // Of WCAG 2.2, and off by itself: what is pressed is 24 px wide and high, or has as much room.
      const rules = { 'target-size': { enabled: true } };
      const found = await axe.run('#storybook-root', { resultTypes: ['violations'], rules });
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ''}`);
    });
  }

  /** What the story, or its play function, has thrown. */
  async #played(id: string): Promise<string[]> {
    const ended = await this.#page.waitForFunction((storyId) => {
      const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as Preview;
      for (const name of ['playFunctionThrewException', 'storyThrewException', 'storyErrored', 'storyMissing']) {
        const thrown = channel?.last(name) as [{ message?: string }] | undefined;
        if (thrown !== undefined) return [thrown[0].message ?? name];
      }
      return channel?.last('storyRendered')?.[0] === storyId ? [] : null;
    }, id);
    return (await ended.jsonValue()) ?? [];
  }
}
