// A festival for one test: a real server, a page server of another origin, and visitors with devices of their own.

import type { Browser, BrowserContext } from 'playwright-core';
import { PageServer } from './page-server.js';
import { TestServer } from './start-server.js';
import { Visitor } from './visitor.js';

export class Festival {
  readonly server: TestServer;
  readonly visitors: Visitor[] = [];
  readonly #browser: Browser;
  readonly #pages: PageServer;

  private constructor(server: TestServer, pages: PageServer, browser: Browser) {
    this.server = server;
    this.#pages = pages;
    this.#browser = browser;
  }

  /** Runs it, and checks at its end that no page has reported a problem. */
  static async hold(
    browser: Browser,
    run: (festival: Festival) => Promise<void>,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const server = await TestServer.start(settings);
    const pages = await PageServer.start(server.url);
    const festival = new Festival(server, pages, browser);
    try {
      await run(festival);
      for (const visitor of festival.visitors) await visitor.hadNoProblems();
    } finally {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await pages.stop();
      await server.end();
    }
  }

  /** Paths that browsers have asked the page server for. */
  get requests(): readonly string[] {
    return this.#pages.requests;
  }

  /** The address of a page with an element of these attributes, or with several. */
  address(elements: string | readonly string[], host = '127.0.0.1'): string {
    const query = [elements].flat().map((attributes) => `element=${encodeURIComponent(attributes)}`);
    return `${this.#pages.url.replace('127.0.0.1', host)}/?${query.join('&')}`;
  }

  /** A person with a device of their own; `prepare` changes the device before the page loads. */
  async visit(
    elements: string | readonly string[],
    prepare?: (context: BrowserContext) => Promise<unknown>,
  ): Promise<Visitor> {
    const context = await this.#browser.newContext();
    await prepare?.(context);
    return this.open(context, this.address(elements));
  }

  /** Another tab on somebody's device. */
  visitAgain(visitor: Visitor, attributes: string): Promise<Visitor> {
    return this.open(visitor.page.context(), this.address(attributes));
  }

  async open(context: BrowserContext, address: string): Promise<Visitor> {
    const visitor = await Visitor.open(context, address);
    this.visitors.push(visitor);
    return visitor;
  }

  /** People at pages that are all linked to each other. */
  async linked(names: readonly string[], prepare?: (context: BrowserContext) => Promise<unknown>): Promise<Visitor[]> {
    const visitors: Visitor[] = [];
    for (const name of names) {
      visitors.push(await this.visit(`auto-upgrade-delay="0" display-name="${name}"`, prepare));
    }
    for (const visitor of visitors) await visitor.reaches('online', names.length - 1);
    return visitors;
  }
}
