// Looking and acting inside nested shadow roots, as play functions do.

import { userEvent, waitFor } from 'storybook/test';

/** The element at the end of a path of selectors, each inside the shadow root of the one before. Waits for it. */
export async function find<Found extends HTMLElement = HTMLElement>(
  from: HTMLElement,
  ...path: readonly string[]
): Promise<Found> {
  return waitFor(() => {
    const found = path.reduce<Element | null>(
      (at, selector, index) => (index === 0 ? at : (at?.shadowRoot ?? null))?.querySelector(selector) ?? null,
      from,
    );
    if (!(found instanceof HTMLElement)) throw new Error(`nothing at ${path.join(' → ')}`);
    return found as Found;
  });
}

/** Something inside the chat of a story. */
export function inChat<Found extends HTMLElement = HTMLElement>(
  canvas: HTMLElement,
  ...path: readonly string[]
): Promise<Found> {
  return find<Found>(canvas, 'festival-chat', ...path);
}

/** Writes into the composer as a person does. */
export async function write(canvas: HTMLElement, text: string): Promise<HTMLTextAreaElement> {
  const area = await inChat<HTMLTextAreaElement>(canvas, 'fc-composer', 'textarea');
  await inChat(canvas, 'fc-composer', '.emoji');
  await userEvent.click(area);
  await userEvent.keyboard(text);
  return area;
}

/** Opens the menu of a message by keyboard, as everybody can. */
export async function openMenu(canvas: HTMLElement, row = '.row:last-child'): Promise<void> {
  // The list can be moved through once it has one row the Tab key stops at.
  await inChat(canvas, 'fc-message-list', '.row[tabindex="0"]');
  const message = await inChat(canvas, 'fc-message-list', row);
  message.focus();
  await userEvent.keyboard('{Enter}');
  await inChat(canvas, 'fc-sheet', 'fc-message-menu', '[part=menu-item]');
}

/** Chooses an action of the open menu by its words. */
export async function choose(canvas: HTMLElement, says: string): Promise<void> {
  const first = await inChat(canvas, 'fc-sheet', 'fc-message-menu', '[part=menu-item]');
  const items = (first.getRootNode() as ShadowRoot).querySelectorAll<HTMLElement>('[part=menu-item]');
  const item = [...items].find((each) => each.textContent.trim() === says);
  if (item === undefined) throw new Error(`no ${says} in the menu`);
  await userEvent.click(item);
}
