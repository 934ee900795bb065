import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { BreakerView, LinkView, RoutePreference, RouteQuality } from '../core/chat-view.js';
import { reportOf } from '../engine/care/report.js';
import type { Chat, Diagnostics } from '../engine/chat.js';
import { ROUTE_REASONS } from './words/route-words.js';
import { FULL_ENGLISH } from './words/english-more.js';
import { base } from './tokens.js';

/** What is shown is read anew this often while the panel is there. */
const REFRESH_MS = 1_000;
const ROUTES: readonly RoutePreference[] = ['auto', 'websocket', 'p2p'];
const UNMEASURED = 'not measured yet';

/**
 * What the network does, measured: routes, links, breakers, counters; and the means to change the route.
 *
 * @tagname fc-mesh-panel
 */
export class FcMeshPanel extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        border-top: 1px solid var(--_line);
        max-height: 50%;
        overflow-y: auto;
        font-size: 0.8125rem;
      }
      .panel {
        padding: var(--_space);
        display: grid;
        gap: 0.75rem;
      }
      h2,
      h3 {
        margin: 0;
        font-size: 1em;
      }
      h3 {
        font-weight: 600;
        color: var(--_muted);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: center;
      }
      .row button {
        border: 1px solid var(--_line);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
        gap: 0.35rem 0.75rem;
        margin: 0;
      }
      dt {
        color: var(--_muted);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      .link {
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        padding: 0.5rem 0.75rem;
        margin-top: 0.35rem;
      }
      fieldset {
        border: 0;
        padding: 0;
        margin: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
      }
      legend {
        padding: 0;
        color: var(--_muted);
      }
      input {
        accent-color: var(--_accent);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
        min-height: 2rem;
      }
      ol {
        margin: 0;
        padding-inline-start: 1.5rem;
      }
    `,
  ];

  @property({ attribute: false }) chat: Chat | null = null;
  /** For the findings; the panel itself speaks English. */
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private outcome = '';
  #timer: ReturnType<typeof setInterval> | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.requestUpdate(), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { chat } = this;
    if (chat === null) return nothing;
    const diagnostics = chat.getConnectionDiagnostics();
    const { routes, links, stats, circuitBreaker, environment, detector, findings, power } = diagnostics;
    const { status } = chat;
    return html`<section class="panel" part="mesh-panel" aria-labelledby="title">
      <h2 id="title">Mesh debug panel</h2>
      <div class="row">
        <button part="upgrade" @click=${this.#upgrade} ?disabled=${!chat.meshEnabled}>Link to peers now</button>
        <button @click=${this.#reconnect}>Reconnect to the server</button>
        <button @click=${this.#copy}>Copy diagnostics</button>
        <span role="status">${this.outcome}</span>
      </div>
      ${findings.map((code) => html`<p><strong>${this.words.say(`finding-${code}`)}</strong> ${this.words.say(`advice-${code}`)}</p>`)}
      <fieldset>
        <legend>Preferred route</legend>
        ${ROUTES.map(
          (route) =>
            html`<label
              ><input
                type="radio"
                name="route"
                value=${route}
                .checked=${route === routes.preferred}
                @change=${() => this.#prefer(route)}
              />
              ${route}</label
            >`,
        )}
      </fieldset>
      <div>
        <h3>Routes</h3>
        <dl>
          ${quality('Server', routes.quality.webSocket)} ${quality('Peers', routes.quality.p2p)}
          ${fact('Socket', `${status.websocket}${environment.transport === null ? '' : ` by ${environment.transport}`}`)}
          ${fact('Mesh', status.mesh)} ${fact('Network breaker', breaker(circuitBreaker.network))}
        </dl>
      </div>
      <div>
        <h3>Links (${links.length})</h3>
        ${links.length === 0 ? html`<p class="quiet">No peer is linked.</p>` : links.map((link) => this.#link(link))}
      </div>
      <div>
        <h3>Counters</h3>
        <dl>
          ${fact('Sent', stats.sent)} ${fact('Received', stats.received)} ${fact('By server', stats.viaWebSocket)}
          ${fact('By peers', stats.viaP2P)} ${fact('Duplicates', stats.duplicatesFiltered)}
          ${fact('Fallbacks', stats.fallbacks)} ${fact('Relayed', stats.relayed)} ${fact('Rejected', stats.rejected)}
        </dl>
      </div>
      <div>
        <h3>Latest route decisions</h3>
        ${
          routes.recent.length === 0
            ? html`<p class="quiet">Nothing was sent yet.</p>`
            : html`<ol>
                ${routes.recent
                  .slice(0, 5)
                  .map(
                    ({ route, reason, peers }) =>
                      html`<li>${route}${peers > 0 ? ` to ${peers}` : ''}: ${ROUTE_REASONS[reason]}</li>`,
                  )}
              </ol>`
        }
      </div>
      <div>
        <h3>Device</h3>
        <dl>
          ${fact('Network', `${detector.networkType}${detector.networkSpeed === null ? '' : `, ${detector.networkSpeed}`}`)}
          ${fact('Server answers', detector.serverAnswers)} ${fact('Power', power === null ? UNMEASURED : powerWords(power))} ${fact('WebRTC', environment.hasWebRtc ? 'yes' : 'no')}
          ${fact('Signing', environment.hasWebCrypto ? 'by the browser' : 'in script')}
          ${fact('Kept in', environment.storage)} ${fact('Clock offset', ms(environment.clockOffsetMs))}
        </dl>
      </div>
    </section>`;
  }

  #link(link: LinkView): TemplateResult {
    const { transport } = link;
    return html`<div class="link" part="link">
      <strong><bdi>${link.name}</bdi></strong> <span class="quiet">${link.peer.slice(0, 4)} · ${link.state}</span>
      <dl>
        ${fact('Round trip', ms(link.quality.latencyMs))} ${fact('p95', ms(link.quality.p95Ms))}
        ${fact('Loss', percent(link.loss))} ${fact('Set up in', ms(link.connectMs))}
        ${fact('Candidates', transport === null ? UNMEASURED : `${transport.localCandidate} → ${transport.remoteCandidate}`)}
        ${fact('Bytes out / in', transport === null ? UNMEASURED : `${transport.bytesSent} / ${transport.bytesReceived}`)}
        ${fact('Breaker', breaker(link.breaker))}
      </dl>
    </div>`;
  }

  #prefer(route: RoutePreference): void {
    this.chat?.setPreferredRoute(route);
    this.requestUpdate();
  }

  #reconnect(): void {
    this.chat?.forceReconnect();
    this.outcome = 'A new socket is being opened.';
  }

  async #upgrade(): Promise<void> {
    this.outcome = 'Linking…';
    try {
      const result = await this.chat?.attemptP2PUpgrade();
      this.outcome = `Linked to ${result?.connected ?? 0}; ${result?.attempted ?? 0} tried.`;
    } catch (error) {
      this.outcome = error instanceof Error ? error.message : 'That did not work.';
    }
  }

  async #copy(): Promise<void> {
    const { chat } = this;
    if (chat === null) return;
    try {
      await navigator.clipboard.writeText(reportOf(chat.status, chat.getConnectionDiagnostics()));
      this.outcome = 'Copied.';
    } catch {
      this.outcome = 'The browser does not let this page copy.';
    }
  }
}

function fact(name: string, value: string | number): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function quality(name: string, { latencyMs, p95Ms, reliability, samples }: RouteQuality): TemplateResult {
  if (samples === 0) return fact(name, UNMEASURED);
  return fact(name, `p50 ${ms(latencyMs)}, p95 ${ms(p95Ms)}, ${percent(reliability)} answered of ${samples}`);
}

function powerWords({ profile, reasons, rules }: NonNullable<Diagnostics['power']>): string {
  const most = rules.linksMax === null ? '' : `, ${rules.linksMax} links at most`;
  const own = rules.opensLinks ? '' : ', opens none';
  return `${profile}${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}${most}${own}`;
}

function breaker(view: BreakerView): string {
  const wait = view.state === 'open' ? `, tries again in ${Math.ceil(view.retryInMs / 1000)} s` : '';
  return `${view.state} (${view.failures} of ${view.outcomes} failed)${wait}`;
}

function ms(value: number | null): string {
  return value === null ? UNMEASURED : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function percent(share: number | null): string {
  return share === null ? UNMEASURED : `${Math.round(share * 100)} %`;
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-mesh-panel': FcMeshPanel;
  }
}
