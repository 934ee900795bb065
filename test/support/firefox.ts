// Another browser's engine at the same festival: Debian's Firefox, driven over WebDriver BiDi.

import puppeteer from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import type { ChatMessage, ChatStatus } from '../../src/core/chat-view.js';
import { debianProgram } from './debian-package.js';

/** Nothing leaves the machine; links over loopback, with addresses as they are (no multicast). */
const PREFERENCES = {
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
};

/** Conditions are waited for; only a hang takes this long. */
const PATIENCE_MS = 30_000;

export function startFirefox(): Promise<Browser> {
  const executablePath = debianProgram('firefox-esr');
  return puppeteer.launch({ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: PREFERENCES });
}

/** A person at a page in Firefox. */
export class FirefoxVisitor {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string): Promise<FirefoxVisitor> {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url);
    return new FirefoxVisitor(page);
  }

  async reaches(connection: ChatStatus['connection'], peers = 0): Promise<void> {
    await this.page.waitForFunction(
      (wanted: string, links: number) => {
        const status = document.querySelector('festival-chat')?.status;
        return status?.connection === wanted && status.peers >= links;
      },
      {},
      connection,
      peers,
    );
  }

  /** Writes as a person does: into the composer, then Enter. */
  async write(text: string): Promise<void> {
    await this.page.locator('festival-chat >>> fc-composer >>> textarea').fill(text);
    await this.page.keyboard.press('Enter');
    await this.has(text);
  }

  /** Sends a photo of the device as a person does: chooses the file, writes a caption, sends. */
  async attach(path: string, caption: string): Promise<void> {
    const input = await this.page.waitForSelector('festival-chat >>> fc-composer >>> input[type=file]');
    await input?.uploadFile(path);
    await this.page.locator('festival-chat >>> fc-photo-draft >>> input').fill(caption);
    await this.page.locator('festival-chat >>> fc-photo-draft >>> button[type=submit]').click();
    await this.has(caption);
  }

  /** Waits until a whole picture stands there, not its thumbnail. */
  async seesPhoto(): Promise<void> {
    await this.page.waitForSelector('festival-chat >>> fc-photo[data-whole]');
  }

  /** Waits until the message is here. */
  async has(text: string): Promise<ChatMessage> {
    const found = await this.page.waitForFunction(
      (wanted: string) => document.querySelector('festival-chat')?.messages.find((message) => message.text === wanted),
      {},
      text,
    );
    return (await found.jsonValue()) as ChatMessage;
  }

  /** Waits until every own message is stored. */
  async ownAreStored(): Promise<void> {
    await this.page.waitForFunction(() =>
      document.querySelector('festival-chat')?.messages.every((m) => !m.mine || m.delivery.state === 'stored'),
    );
  }

  async texts(): Promise<string[]> {
    const texts = await this.page.evaluate(() =>
      document.querySelector('festival-chat')?.messages.map((message) => message.text),
    );
    return [...(texts ?? [])];
  }
}
