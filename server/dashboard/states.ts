// What stands where an answer of the server should be: loading, an error in the server's own words, or the answer.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ApiProblem } from './api.js';
import type { Watch } from './watch.js';

/** While the server is away the last answer stays; the header says how old it is. */
export function shown<Answer>(
  { answer, problem }: Watch<Answer>,
  show: (answer: Answer) => TemplateResult,
): TemplateResult | typeof nothing {
  const words = problem === null || problem.kind === 'unreachable' ? nothing : problemWords(problem);
  if (answer !== null) return html`${words}${show(answer)}`;
  if (problem?.kind === 'unreachable') return html`<p class="empty">Nothing to show until the server answers.</p>`;
  return problem === null ? html`<p class="empty" role="status">Loading…</p>` : html`${words}`;
}

export function problemWords({ code, message }: ApiProblem): TemplateResult {
  return html`<p class="problem" role="alert">${message} <code>${code}</code></p>`;
}
