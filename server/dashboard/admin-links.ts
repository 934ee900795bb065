import { LitElement, css, html, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { LinksView } from '../http/room-routes.js';
import { counted, milliseconds } from './figures.js';
import { layout } from './layout.js';
import type { Spot } from './layout.js';
import { base, states, table } from './look.js';

/** Half of the picture's width and height, and what of it the rings take; the rest is for names. */
const HALF = 200;
const RADIUS = 140;
/** Up to so many members carry their names in the picture; the table names all. */
const NAMED_MAX = 24;
const NAME_LENGTH = 12;
/** Cuts a name between letters as people see them, not inside of one. */
const LETTERS = new Intl.Segmenter();
/** Round trips up to which a link counts as quick, and as usable: a LAN, a mobile network. */
const QUICK_MS = 50;
const USABLE_MS = 150;

/**
 * Who of a room is linked to whom, as a picture and as a table.
 *
 * @tagname admin-links
 */
export class AdminLinks extends LitElement {
  static override styles = [
    base,
    table,
    states,
    css`
      .picture {
        width: 100%;
        max-width: 30rem;
        margin-inline: auto;
      }
      circle {
        fill: var(--surface);
        stroke: var(--muted);
        stroke-width: 2;
      }
      circle.linked {
        fill: var(--sea);
        stroke: var(--sea);
      }
      line {
        stroke-width: 2;
        stroke-linecap: round;
      }
      .quick {
        stroke: var(--good);
      }
      .usable {
        stroke: var(--warn);
        stroke-dasharray: 8 4;
      }
      .slow {
        stroke: var(--danger);
        stroke-dasharray: 3 4;
      }
      .unmeasured {
        stroke: var(--muted);
        stroke-dasharray: 1 5;
      }
      text {
        fill: var(--text);
        font-size: 12px;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 0.25rem 1.25rem;
        margin-block: 0.25rem 0.75rem;
      }
      .legend li {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
      }
      summary {
        cursor: pointer;
        width: fit-content;
      }
    `,
  ];

  @property({ attribute: false }) picture: LinksView | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { picture } = this;
    if (picture === null) return nothing;
    if (picture.total.members === 0) return html`<p class="empty">Nobody is here.</p>`;
    const spots = layout(
      picture.members.map(({ peer }) => peer),
      picture.links,
    );
    const { total } = picture;
    const words = `${counted(total.members, 'person', 'people')}, ${counted(total.links, 'link')}.`;
    const isCut = total.members > picture.members.length || total.links > picture.links.length;
    return html`<svg
        class="picture"
        viewBox="${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}"
        role="img"
        aria-label="Who is linked to whom: ${words} The table below says it in words."
      >
        ${picture.links.map((link) => lineOf(link, spots))}${this.#members(picture, spots)}
      </svg>
      <ul class="legend quiet">
        ${legend('quick', `up to ${QUICK_MS} ms`)} ${legend('usable', `up to ${USABLE_MS} ms`)} ${legend('slow', 'slower')}
        ${legend('unmeasured', 'not measured yet')}
      </ul>
      <p class="quiet">
        ${words} ${isCut ? `Drawn: ${picture.members.length} and ${picture.links.length}, the linked ones first.` : nothing}
        ${total.links === 0 ? 'Everything goes over the server.' : nothing}
      </p>
      ${picture.links.length === 0 ? nothing : linkTable(picture)}`;
  }

  #members({ members, links }: LinksView, spots: ReadonlyMap<string, Spot>): SVGTemplateResult[] {
    const linked = new Set<string>(links.flatMap(({ ends }) => ends));
    const isNamed = members.length <= NAMED_MAX;
    return members.map(({ peer, name }) => {
      const spot = spots.get(peer);
      if (spot === undefined) return svg``;
      const [x, y] = [spot.x * RADIUS, spot.y * RADIUS];
      const radius = isNamed ? 8 : 5;
      return svg`<g><title>${name} ${peer.slice(0, 4)}</title>
        <circle class=${linked.has(peer) ? 'linked' : ''} cx=${x} cy=${y} r=${radius} />
        ${isNamed ? label(name, spot, x, y) : nothing}
      </g>`;
    });
  }
}

/** Outside of the ring, reading away from it. */
function label(name: string, { angle }: Spot, x: number, y: number): SVGTemplateResult {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const anchor = Math.abs(dx) < 0.3 ? 'middle' : dx > 0 ? 'start' : 'end';
  const letters = Array.from(LETTERS.segment(name), ({ segment }) => segment);
  const short = letters.length > NAME_LENGTH ? `${letters.slice(0, NAME_LENGTH - 1).join('')}…` : name;
  return svg`<text x=${x + dx * 13} y=${y + dy * 17 + 4} text-anchor=${anchor}>${short}</text>`;
}

function lineOf({ ends, rttMs }: LinksView['links'][number], spots: ReadonlyMap<string, Spot>): SVGTemplateResult {
  const [from, to] = [spots.get(ends[0]), spots.get(ends[1])];
  if (from === undefined || to === undefined) return svg``;
  return svg`<line class=${grade(rttMs)} x1=${from.x * RADIUS} y1=${from.y * RADIUS} x2=${to.x * RADIUS} y2=${to.y * RADIUS} />`;
}

function grade(rttMs: number | null): 'quick' | 'usable' | 'slow' | 'unmeasured' {
  if (rttMs === null) return 'unmeasured';
  if (rttMs <= QUICK_MS) return 'quick';
  return rttMs <= USABLE_MS ? 'usable' : 'slow';
}

function legend(kind: string, words: string): TemplateResult {
  return html`<li>
    <svg width="28" height="6" viewBox="0 0 28 6" aria-hidden="true">${svg`<line class=${kind} x1="1" y1="3" x2="27" y2="3" />`}</svg>
    ${words}
  </li>`;
}

function linkTable({ members, links }: LinksView): TemplateResult {
  const names = new Map<string, string>(members.map(({ peer, name }) => [peer, name]));
  const who = (peer: string): TemplateResult =>
    html`<bdi>${names.get(peer) ?? ''}</bdi> <span class="tag">${peer.slice(0, 4)}</span>`;
  return html`<details>
    <summary>The links as a table</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">One end</th>
          <th scope="col">Other end</th>
          <th scope="col" class="number">Round trip</th>
        </tr>
      </thead>
      <tbody>
        ${links.map(
          ({ ends, rttMs }) =>
            html`<tr>
              <td>${who(ends[0])}</td>
              <td>${who(ends[1])}</td>
              <td class="number">${milliseconds(rttMs)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-links': AdminLinks;
  }
}
