// A <festival-chat> on a page of its own with a scripted chat behind it, and ways to look into it and to use it.

import { fixture, html } from '@open-wc/testing';
import type { LitElement } from 'lit';
import '../../../src/define.js';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import type { ScriptedChat } from '../../../stories/scripted-chat.js';
import { waitUntil } from '../../support/wait-in-browser.js';

export async function show(chat: ScriptedChat, attributes: Record<string, string> = {}): Promise<FestivalChat> {
  const element = await fixture<FestivalChat>(
    html`<festival-chat .client=${chat} room-name="Main Stage"></festival-chat>`,
  );
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  await hasExtras(element);
  await settled(element);
  return element;
}

const PARTS = 'fc-message-list, fc-composer, fc-name-prompt, fc-status, fc-sheet';

export async function settled(element: FestivalChat): Promise<void> {
  await element.updateComplete;
  for (const part of inside(element).querySelectorAll<FestivalChat>(PARTS)) {
    await part.updateComplete;
    await part.updateComplete;
  }
}

export function inside(element: Element): ShadowRoot {
  if (element.shadowRoot === null) throw new Error('not rendered');
  return element.shadowRoot;
}

export function part(element: FestivalChat, tag: string): ShadowRoot {
  const found = inside(element).querySelector(tag);
  if (found === null) throw new Error(`no ${tag}`);
  return inside(found);
}

export function type(element: FestivalChat, text: string, key: KeyboardEventInit = {}): void {
  const area = part(element, 'fc-composer').querySelector('textarea');
  if (area === null) throw new Error('no textarea');
  area.value = text;
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  area.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true, ...key }),
  );
}

export function composerText(element: FestivalChat): string {
  return part(element, 'fc-composer').querySelector('textarea')?.value ?? '';
}

/** Waits until what is fetched after the first rendering is there. */
export async function hasExtras(element: FestivalChat): Promise<void> {
  await customElements.whenDefined('fc-sheet');
  // Its live regions come with it.
  await waitUntil(() => inside(element).querySelector('.root > [role=status]') !== null);
}

/** The inside of a part of a part, once it is rendered. */
export async function within(element: Element, ...tags: readonly string[]): Promise<ShadowRoot> {
  let root = inside(element);
  for (const tag of tags) {
    await waitUntil(() => root.querySelector(tag)?.shadowRoot?.firstElementChild != null, `no ${tag}`);
    const found = root.querySelector<LitElement>(tag);
    await found?.updateComplete;
    if (found) root = inside(found);
  }
  return root;
}

/** The rows of the list, top to bottom. */
export function rows(element: FestivalChat): HTMLElement[] {
  return [...part(element, 'fc-message-list').querySelectorAll<HTMLElement>('.row')];
}

/** The list, once its rows can be focused: what is fetched after the start has come to it. */
export async function readyList(element: FestivalChat): Promise<{ list: ShadowRoot; scroller: Element }> {
  const list = part(element, 'fc-message-list');
  await waitUntil(() => list.querySelector('.row[tabindex="0"]') !== null);
  const scroller = list.querySelector('.scroll');
  if (scroller === null) throw new Error('no scroller');
  return { list, scroller };
}

/** How far a list is from its end, in px. */
export function below(scroller: Element): number {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
}

/** Opens the menu of a row by keyboard. */
export async function menuOf(element: FestivalChat, index: number): Promise<ShadowRoot> {
  await readyList(element);
  const row = rows(element).at(index);
  row?.focus();
  row?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true }));
  return within(element, 'fc-sheet', 'fc-message-menu');
}

/** A button by what it says, or by its label. */
export function button(root: ParentNode, says: string | RegExp): HTMLButtonElement {
  const found = [...root.querySelectorAll('button')].find((each) =>
    `${each.getAttribute('aria-label') ?? ''} ${each.textContent}`.match(says),
  );
  if (found === undefined) throw new Error(`no button ${String(says)}`);
  return found;
}
