// A picture of whom this device is linked to: itself in the middle, the server above, peers around.

import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatStatus, LinkView } from '../../core/chat-view.js';
import { excerpt } from '../extras/excerpt.js';
import { milliseconds } from './figures.js';

/** More would stand on each other; the list of links has them all. */
const DRAWN_MAX = 12;
const [WIDTH, HEIGHT] = [320, 220];
const SELF = { x: WIDTH / 2, y: 110 };
const SERVER = { x: WIDTH / 2, y: 22 };
const RADIUS = { x: 118, y: 78 };
const NAME_LENGTH_MAX = 10;

const LINK_WORDS: Readonly<Record<LinkView['state'], string>> = {
  dialing: 'being dialled',
  up: 'linked',
  suspect: 'linked, but silent',
};

export function topology(status: ChatStatus, links: readonly LinkView[]): TemplateResult {
  const drawn = links.slice(0, DRAWN_MAX);
  const left = links.length - drawn.length;
  const says = [
    `The server is ${status.websocket}`,
    ...links.map((link) => `${link.name} is ${LINK_WORDS[link.state]}, ${milliseconds(link.quality.latencyMs)}`),
  ].join('; ');
  return html`<svg class="topology" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${says}>
    ${line(SERVER, status.websocket === 'connected' ? 'up' : status.websocket === 'connecting' ? 'dialing' : 'down')}
    ${drawn.map((link, index) => line(placeOf(index, drawn.length), link.state))}
    ${node(SERVER, 'server', 'place')} ${node(SELF, 'here', 'self')}
    ${drawn.map((link, index) => node(placeOf(index, drawn.length), excerpt(link.name, NAME_LENGTH_MAX), 'place'))}
    ${left > 0 ? svg`<text x="8" y="${HEIGHT - 8}" text-anchor="start">and ${left} more</text>` : ''}
  </svg>`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Around the lower three quarters: the server stands above. */
function placeOf(index: number, count: number): Point {
  const angle = Math.PI * (-0.15 + (1.3 * (index + 0.5)) / count);
  return { x: SELF.x + RADIUS.x * Math.cos(angle), y: SELF.y + RADIUS.y * Math.sin(angle) };
}

function line({ x, y }: Point, state: LinkView['state'] | 'down'): TemplateResult {
  return svg`<line class=${state} x1=${SELF.x} y1=${SELF.y} x2=${x} y2=${y}></line>`;
}

function node({ x, y }: Point, name: string, kind: 'self' | 'place'): TemplateResult {
  return svg`<g class=${kind}><circle cx=${x} cy=${y} r="9"></circle><text x=${x} y=${y + 22}>${name}</text></g>`;
}
