// Faults of links, made by hand in development builds.

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { LinkFaults } from '../../engine/link-faults.js';

export function faultControls(faults: LinkFaults, changed: () => void): TemplateResult {
  const change = (apply: () => void) => (): void => {
    apply();
    changed();
  };
  return html`<div class="row">
    ${choice('Drop', [0, 10, 50, 100], '%', Math.round(faults.dropShare * 100), (value) => change(() => (faults.dropShare = value / 100))())}
    ${choice('Delay', [0, 100, 500, 2_000], 'ms', faults.delayMs, (value) => change(() => (faults.delayMs = value))())}
    <button @click=${change(() => faults.cut())}>Cut all links silently</button>
  </div>`;
}

function choice(
  name: string,
  values: readonly number[],
  unit: string,
  chosen: number,
  choose: (value: number) => void,
): TemplateResult {
  return html`<label
    >${name}
    <select @change=${(event: Event) => choose(Number((event.target as HTMLSelectElement).value))}>
      ${values.map((value) => html`<option value=${value} ?selected=${value === chosen}>${value} ${unit}</option>`)}
    </select></label
  >`;
}
