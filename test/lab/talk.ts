// What phones say to each other, and how long it took to be heard.

import type { FcMessageEvent } from '../../src/engine/chat-events.js';
import type { Visitor } from '../support/visitor.js';
import type { PhoneWithPage } from './lab.js';

declare global {
  interface Window {
    /** When each text was first there, milliseconds since 1970. */
    arrivals: Record<string, number>;
  }
}

/** One after the other says something, and all others hear it; milliseconds from the writing to each hearing. */
export async function everybodySays(phones: readonly PhoneWithPage[], what: string): Promise<number[]> {
  const delaysMs: number[] = [];
  for (const phone of phones) {
    const text = `${phone.name} ${what}`;
    const others = phones.filter((other) => other !== phone);
    const saidAtMs = await phone.visitor.page.evaluate((text) => {
      const atMs = Date.now();
      void document.querySelector('festival-chat')?.sendMessage(text);
      return atMs;
    }, text);
    const heard = others.map(({ visitor }) => heardAtMs(visitor, text));
    for (const atMs of await Promise.all(heard)) delaysMs.push(atMs - saidAtMs);
  }
  return delaysMs;
}

/** Everybody has these texts, in whatever order, and no other; all is on the server. */
export async function allHave(phones: readonly PhoneWithPage[], count: number): Promise<void> {
  for (const { visitor } of phones) await visitor.ownAre('stored');
  for (const { name, visitor } of phones) {
    await visitor.page.waitForFunction(
      (count) => (document.querySelector('festival-chat')?.messages.length ?? 0) >= count,
      count,
    );
    const texts = await visitor.texts();
    if (texts.length !== count || new Set(texts).size !== count)
      throw new Error(`${name} has ${texts.length} messages, ${new Set(texts).size} different, and not ${count}`);
  }
}

export function quantiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => String(sorted[Math.ceil(sorted.length * share) - 1]);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)} ms of ${String(sorted.length)}`;
}

/** Runs in a page before anything else. */
export function noteArrivals(): void {
  window.arrivals = {};
  addEventListener('fc-message', (event) => {
    const { isNew, message } = event as Event & Pick<FcMessageEvent, 'isNew' | 'message'>;
    if (isNew) window.arrivals[message.text] ??= Date.now();
  });
}

async function heardAtMs({ page }: Visitor, text: string): Promise<number> {
  const arrival = await page.waitForFunction((text) => window.arrivals[text], text);
  return Number(await arrival.jsonValue());
}
