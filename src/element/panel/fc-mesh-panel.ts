import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { LinkView, RoutePreference } from '../../core/chat-view.js';
import { reportOf } from '../../engine/care/report.js';
import type { Chat, Diagnostics } from '../../engine/chat.js';
import { FULL_ENGLISH } from '../words/english-more.js';
import { base } from '../tokens.js';
import { faultControls } from './fault-controls.js';
import { breaker, fact, milliseconds, percent, quality, UNMEASURED } from './figures.js';
import { Measurements } from './measurements.js';
import { panelStyles } from './panel-styles.js';
import { plot } from './plot.js';
import { topology } from './topology.js';
import { trace } from './trace.js';

/** What is shown is read anew this often while the panel is there. */
const REFRESH_MS = 1_000;
const ROUTES: readonly RoutePreference[] = ['auto', 'websocket', 'p2p'];

/**
 * What the network does, measured: routes, links, breakers, counters, the way of each message; and the means to change
 * the route. In development builds links can be made to fail.
 *
 * @tagname fc-mesh-panel
 * @csspart mesh-panel - All of it.
 * @csspart upgrade - Links to peers now.
 * @csspart link - One link.
 */
export class FcMeshPanel extends LitElement {
  static override styles = [base, panelStyles];

  @property({ attribute: false }) chat: Chat | null = null;
  /** For the findings; the panel itself speaks English. */
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private outcome = '';
  /** Shown to be copied by hand where the browser does not let the page. */
  @state() private report = '';
  readonly #measurements = new Measurements();
  #timer: ReturnType<typeof setInterval> | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#measure();
    this.#timer = setInterval(() => this.#measure(), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { chat } = this;
    if (chat === null) return nothing;
    const diagnostics = chat.getConnectionDiagnostics();
    const { routes, links } = diagnostics;
    return html`<section class="panel" part="mesh-panel" aria-labelledby="title">
      <h2 id="title">Mesh debug panel</h2>
      ${this.#renderActions(chat)}
      ${diagnostics.findings.map((code) => html`<p><strong>${this.words.say(`finding-${code}`)}</strong> ${this.words.say(`advice-${code}`)}</p>`)}
      ${this.#renderRoutes(routes.preferred)}
      ${part(
        'Quality over time',
        html`<div class="plots">
          ${plot('Server', this.#measurements.of('server'))} ${plot('Peers', this.#measurements.of('peers'))}
        </div>
        <dl>${quality('Server', routes.quality.webSocket)} ${quality('Peers', routes.quality.p2p)}</dl>`,
      )}
      ${part('Picture', topology(chat.status, links))}
      ${part(
        `Links (${links.length})`,
        links.length === 0
          ? html`<p class="quiet">No peer is linked.</p>`
          : links.map((link) => this.#renderLink(link)),
      )}
      ${part('Breakers', breakers(diagnostics))} ${part('Messages, and why they went that way', trace(routes.recent, chat.messages))}
      ${part('Counters', counters(diagnostics))} ${part('Device', device(chat, diagnostics))}
      ${
        chat.faults === null
          ? nothing
          : part(
              'Faults',
              faultControls(chat.faults, () => this.requestUpdate()),
            )
      }
    </section>`;
  }

  #renderActions(chat: Chat): TemplateResult {
    return html`<div class="row">
        <button part="upgrade" @click=${this.#upgrade} ?disabled=${!chat.meshEnabled}>Link to peers now</button>
        <button @click=${this.#reconnect}>Reconnect to the server</button>
        <button @click=${this.#copy}>Copy diagnostics</button>
        <span role="status">${this.outcome}</span>
      </div>
      ${this.report === '' ? nothing : html`<textarea readonly aria-label="Diagnostics" .value=${this.report}></textarea>`}`;
  }

  #renderRoutes(preferred: RoutePreference): TemplateResult {
    return html`<fieldset>
      <legend>Preferred route</legend>
      ${ROUTES.map(
        (route) =>
          html`<label
            ><input
              type="radio"
              name="route"
              value=${route}
              .checked=${route === preferred}
              @change=${() => this.#prefer(route)}
            />
            ${route}</label
          >`,
      )}
    </fieldset>`;
  }

  #renderLink(link: LinkView): TemplateResult {
    const { transport } = link;
    return html`<div class="link" part="link">
      <div><strong><bdi>${link.name}</bdi></strong> <span class="quiet">${link.peer.slice(0, 4)} · ${link.state}</span></div>
      ${plot('Round trip', this.#measurements.of(link.dial))}
      <dl>
        ${fact('p95', milliseconds(link.quality.p95Ms))} ${fact('Loss', percent(link.loss))}
        ${fact('Set up in', milliseconds(link.connectMs))}
        ${fact('Candidates', transport === null ? UNMEASURED : `${transport.localCandidate} → ${transport.remoteCandidate}`)}
        ${fact('Bytes out / in', transport === null ? UNMEASURED : `${transport.bytesSent} / ${transport.bytesReceived}`)}
      </dl>
    </div>`;
  }

  #measure(): void {
    if (this.chat !== null) this.#measurements.add(this.chat.getConnectionDiagnostics());
    this.requestUpdate();
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

  /** Holds no text and no address, as the diagnostics. */
  async #copy(): Promise<void> {
    const { chat } = this;
    if (chat === null) return;
    const measured = JSON.stringify({ roundTripsMs: this.#measurements.report() }, null, 2);
    const report = `${reportOf(chat.status, chat.getConnectionDiagnostics())}\n${measured}`;
    try {
      await navigator.clipboard.writeText(report);
      this.outcome = 'Copied.';
      this.report = '';
    } catch {
      this.outcome = 'The browser does not let this page copy. Here it is:';
      this.report = report;
    }
  }
}

function part(title: string, content: unknown): TemplateResult {
  return html`<details open>
    <summary><h3>${title}</h3></summary>
    ${content}
  </details>`;
}

function breakers({ circuitBreaker, links }: Diagnostics): TemplateResult {
  return html`<dl>
    ${fact('Whole network', breaker(circuitBreaker.network))} ${links.map((link) => fact(link.name, breaker(link.breaker)))}
  </dl>`;
}

function counters({ stats }: Diagnostics): TemplateResult {
  return html`<dl>
    ${fact('Sent', stats.sent)} ${fact('Received', stats.received)} ${fact('By server', stats.viaWebSocket)}
    ${fact('By peers', stats.viaP2P)} ${fact('Duplicates', stats.duplicatesFiltered)} ${fact('Fallbacks', stats.fallbacks)}
    ${fact('Relayed', stats.relayed)} ${fact('Rejected', stats.rejected)}
  </dl>`;
}

function powerWords({ profile, reasons, rules }: NonNullable<Diagnostics['power']>): string {
  const most = rules.linksMax === null ? '' : `, ${rules.linksMax} links at most`;
  const own = rules.opensLinks ? '' : ', opens none';
  return `${profile}${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}${most}${own}`;
}

function device({ status }: Chat, { detector, environment, power }: Diagnostics): TemplateResult {
  const transport = environment.transport === null ? '' : ` by ${environment.transport}`;
  return html`<dl>
    ${fact('Network', `${detector.networkType}${detector.networkSpeed === null ? '' : `, ${detector.networkSpeed}`}`)}
    ${fact('Server answers', detector.serverAnswers)} ${fact('Power', power === null ? UNMEASURED : powerWords(power))}
    ${fact('Socket', `${status.websocket}${transport}`)}
    ${fact('Mesh', status.mesh)} ${fact('WebRTC', environment.hasWebRtc ? 'yes' : 'no')}
    ${fact('Signing', environment.hasWebCrypto ? 'by the browser' : 'in script')} ${fact('Kept in', environment.storage)}
    ${fact('Clock offset', milliseconds(environment.clockOffsetMs))}
  </dl>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-mesh-panel': FcMeshPanel;
  }
}
