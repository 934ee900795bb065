// The way of each message written here: which route, why that one, and how far it has got.

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatDelivery, ChatMessage, RouteDecision } from '../../core/chat-view.js';
import { excerpt } from '../extras/excerpt.js';
import { ROUTE_REASONS } from '../words/route-words.js';

const EXCERPT_LENGTH_MAX = 40;

export function trace(decisions: readonly RouteDecision[], messages: readonly ChatMessage[]): TemplateResult {
  if (decisions.length === 0) return html`<p class="quiet">Nothing was sent yet.</p>`;
  const wanted = new Set(decisions.map(({ id }) => id));
  const byId = new Map(messages.filter(({ id }) => wanted.has(id)).map((message) => [message.id, message]));
  return html`<ol class="trace">
    ${decisions.map(({ id, atMs, route, peers, reason }) => {
      const message = byId.get(id);
      return html`<li>
        <time datetime=${new Date(atMs).toISOString()}>${new Date(atMs).toLocaleTimeString('en-GB')}</time>
        <strong>${route}${peers > 0 ? ` to ${peers}` : ''}</strong>, because ${ROUTE_REASONS[reason]}.
        <span class="quiet">
          ${message === undefined ? 'A change or a reaction.' : html`<q dir="auto">${excerpt(message.text, EXCERPT_LENGTH_MAX)}</q> ${reached(message.delivery)}`}
        </span>
      </li>`;
    })}
  </ol>`;
}

function reached({ state, acknowledgedBy, reason }: ChatDelivery): string {
  const peers = acknowledgedBy > 0 ? `, acknowledged by ${acknowledgedBy}` : '';
  return `is ${state}${peers}${reason === undefined ? '' : `: ${reason}`}.`;
}
