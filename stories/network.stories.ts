// A network to be broken by hand: three phones side by side, with the real engine behind each.

import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, render } from 'lit';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { find } from './find.js';
import { SimulatedFestival } from './simulated-festival.js';

const NAMES = ['Ada', 'Noor', 'Tomás'] as const;
/** Share of what is said that a bad network loses. */
const LOSS = 0.3;

export default { title: 'network' } satisfies Meta;

let festival: SimulatedFestival | null = null;

function broken(colours: string, theme: string): HTMLElement {
  festival?.stop();
  const all = new SimulatedFestival(NAMES);
  festival = all;
  const isOn = (event: Event): boolean => event.target instanceof HTMLInputElement && event.target.checked;
  const host = document.createElement('div');
  render(
    html`
      <style>
        fieldset { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; margin: 0 0 1rem; padding: 0.5rem 1rem; border: 0; background: white; color: black; }
        legend { float: inline-start; width: 100%; }
        label { display: flex; gap: 0.5rem; align-items: center; min-height: 2.75rem; }
        .phones { display: flex; flex-wrap: wrap; gap: 1rem; --fc-height: 26rem; }
        .phones > * { flex: 1 1 17.5rem; min-width: 0; }
      </style>
      <fieldset>
        <legend>What works</legend>
        <label><input type="checkbox" checked @change=${(event: Event) => all.runServer(isOn(event))} />the server</label>
        <label
          ><input type="checkbox" checked @change=${(event: Event) => all.cutOff(isOn(event) ? [] : ['Tomás'])} />Tomás’
          reception</label
        >
        <label
          ><input type="checkbox" checked @change=${(event: Event) => all.lose(isOn(event) ? 0 : LOSS)} />every
          frame gets through</label
        >
      </fieldset>
      <div class="phones">
        ${all.chats.map(
          (chat) =>
            html`<festival-chat
              .client=${chat}
              room-name=${`${chat.displayName ?? ''}’s phone`}
              color-mode=${colours}
              theme=${theme}
            ></festival-chat>`,
        )}
      </div>
    `,
    host,
  );
  all.start();
  return host;
}

export const BrokenByHand: StoryObj = {
  render: (_args, { globals }) => broken(String(globals['colours']), String(globals['theme'])),
  beforeEach: () => () => festival?.stop(),
  play: async ({ canvasElement }) => {
    const [ada, noor, tomas] = festival?.chats ?? [];
    const controls = within(canvasElement);
    const phone = (number: number): string => `festival-chat:nth-of-type(${number})`;
    const last = (number: number): Promise<HTMLElement> =>
      find(canvasElement, phone(number), 'fc-message-list', '.row:last-child');
    const says = async (number: number, text: string): Promise<void> => {
      const area = await find(canvasElement, phone(number), 'fc-composer', 'textarea');
      await userEvent.click(area);
      await userEvent.keyboard(`${text}{Enter}`);
    };
    for (const chat of [ada, noor, tomas]) await waitFor(() => expect(chat?.status.peers).toBe(2));

    await userEvent.click(controls.getByLabelText('the server'));
    await waitFor(() => expect(noor?.status.connection).toBe('mesh-only'));
    await says(1, 'No server, and still here');
    await waitFor(async () => expect(await last(3)).toHaveTextContent('No server, and still here'));

    await userEvent.click(controls.getByLabelText(/reception/));
    await says(3, 'Nobody hears me');
    await waitFor(() => expect(tomas?.messages.at(-1)?.delivery.state).toBe('queued'));
    await expect(ada?.messages.length).toBe(1);

    await userEvent.click(controls.getByLabelText(/reception/));
    await userEvent.click(controls.getByLabelText('the server'));
    await waitFor(async () => expect(await last(1)).toHaveTextContent('Nobody hears me'), { timeout: 30_000 });
    await waitFor(() => expect(tomas?.messages.at(-1)?.delivery.state).toBe('stored'));
  },
};
