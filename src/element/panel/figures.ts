// Measured figures as the panel writes them. Its words are English: it is for whoever runs the chat.

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { BreakerView, RouteQuality } from '../../core/chat-view.js';

export const UNMEASURED = 'not measured yet';

export function fact(name: string, value: string | number): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

export function quality(name: string, { latencyMs, p95Ms, reliability, samples }: RouteQuality): TemplateResult {
  if (samples === 0) return fact(name, UNMEASURED);
  const answered = `${percent(reliability)} answered of ${samples}`;
  return fact(name, `p50 ${milliseconds(latencyMs)}, p95 ${milliseconds(p95Ms)}, ${answered}`);
}

export function breaker({ state, failures, outcomes, retryInMs }: BreakerView): string {
  const wait = state === 'open' ? `, tries again in ${Math.ceil(retryInMs / 1000)} s` : '';
  return `${state} (${failures} of ${outcomes} failed)${wait}`;
}

export function milliseconds(value: number | null): string {
  return value === null ? UNMEASURED : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

export function percent(share: number | null): string {
  return share === null ? UNMEASURED : `${Math.round(share * 100)} %`;
}
