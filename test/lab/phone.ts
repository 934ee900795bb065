// A phone in a Wi-Fi of the lab: a browser of its own, whose pages come from the festival's site and need no network.

import type { Browser } from 'playwright-core';
import { findChromium } from '../support/find-chromium.js';
import { pageAnswer } from '../support/page-server.js';
import { Visitor, startBrowser } from '../support/visitor.js';
import type { Host } from './namespaces.js';
import { noteArrivals } from './talk.js';

const SITE = 'http://festival.lab';
/** The name of the chat's server; phones ask for its address. */
export const CHAT_NAME = 'chat.lab';
export const CHAT_PORT = 8787;
const CHAT = `http://${CHAT_NAME}:${CHAT_PORT}`;

const BROWSER_ARGS = [
  // Pages of a festival come over https; certificates are not what is tested here.
  `--unsafely-treat-insecure-origin-as-secure=${SITE}`,
  // A second mention replaces the first, so what all tests switch off stands here as well.
  '--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks',
];

export class Phone {
  readonly host: Host;
  readonly #browser: Browser;

  private constructor(host: Host, browser: Browser) {
    this.host = host;
    this.#browser = browser;
  }

  static async on(host: Host): Promise<Phone> {
    return new Phone(host, await startBrowser(BROWSER_ARGS, host.wrapper(findChromium())));
  }

  /** A page with one chat of these attributes. */
  async visit(attributes: string): Promise<Visitor> {
    const context = await this.#browser.newContext();
    await context.addInitScript(noteArrivals);
    await context.route(`${SITE}/**`, async (route) => {
      const answer = await pageAnswer(new URL(route.request().url()), CHAT);
      await route.fulfill({ ...answer });
    });
    return Visitor.open(context, `${SITE}/?element=${encodeURIComponent(attributes)}`);
  }

  end(): Promise<void> {
    return this.#browser.close();
  }
}
