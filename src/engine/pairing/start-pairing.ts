// Links two devices by two codes and no server: rules Q3 to Q6. Fetched when somebody wants to pair.

import type { RefusedLink } from '../../core/chat-view.js';
import type { AuthorId, DialId, PeerId, RoomKey } from '../../protocol/ids.js';
import { authorOf } from '../../protocol/ids.js';
import { COMMITMENT_BYTES, readCode, roomTag, writeCode } from '../../protocol/pairing/pairing-code.js';
import {
  checkBytes,
  checkOf,
  commitmentBytes,
  decodePairingFrame,
  encodePairingFrame,
} from '../../protocol/pairing/pairing-frames.js';
import { toBase64Url } from '../base64url.js';
import type { ChatEvents } from '../chat-events.js';
import { openPeerLink } from '../peer-link.js';
import type { OpenPeerLink } from '../peer-link-port.js';
import { acceptCode, isLower } from './accept-code.js';
import { isSame } from './attempt.js';
import type { Attempt } from './attempt.js';
import { answerOf, readDescription } from './description.js';
import { watchNetwork } from './network-changes.js';
import { PairedChannel } from './paired-channel.js';
import type { Pairing, PairingFailure, PairingNote, PairingState } from './pairing-state.js';
import { sha256 } from './sha256.js';

/** Long enough to hold up a phone, short enough that a picture of a code is worth nothing (rule Q4). */
const CODE_LIFE_MS = 120_000;
const NONCE_BYTES = 16;

/** Why no link came of it; whatever else it was, the other has gone. */
const UNLINKED: Readonly<Record<string, PairingFailure>> = {
  'no link is free': 'no-link-free',
  'the greeting is not the peer’s': 'not-theirs',
} satisfies Record<RefusedLink, PairingFailure>;

/** What the client lends. */
export interface PairingHost {
  readonly chat: ChatEvents & { readonly meshEnabled: boolean };
  readonly room: RoomKey;
  readonly self: PeerId;
  readonly name: () => string;
  readonly scope: 'any' | 'local' | 'relay';
  /** The clock on the wall: it goes on while the device sleeps, and both devices read it. */
  readonly nowMs: () => number;
  /** Makes the open channel a link of the room; `fc-peer` tells what has become of it. */
  readonly admit: (dial: DialId, peer: PeerId, open: OpenPeerLink) => void;
  /** What was admitted has become no link. */
  readonly refused: (dial: DialId) => void;
  readonly trust: (author: AuthorId) => void;
  /** Default: a data channel of the browser's. */
  readonly open?: OpenPeerLink;
}

export function startPairing(host: PairingHost): Pairing {
  return new CodePairing(host);
}

class CodePairing extends EventTarget implements Pairing {
  readonly #host: PairingHost;
  readonly #unwatch: () => void;
  /** Codes that led to a device here. */
  readonly #used = new Set<string>();
  #state: PairingState = { step: 'preparing' };
  #attempt: Attempt | null = null;
  #unanswered = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isEnded = false;
  #hearing: Promise<void> = Promise.resolve();

  constructor(host: PairingHost) {
    super();
    this.#host = host;
    this.#unwatch = watchNetwork(() => this.#networkChanged());
    this.#renew(null);
  }

  get state(): PairingState {
    return this.#state;
  }

  read(text: string): void {
    const attempt = this.#attempt;
    if (this.#state.step !== 'showing' || attempt?.ours == null) return;
    const { code } = this.#state;
    const nowS = Math.floor(this.#host.nowMs() / 1_000);
    const verdict = acceptCode(readCode(text), { ours: attempt.ours, used: this.#used, nowS });
    if (typeof verdict === 'string') {
      if (verdict !== this.#state.note) this.#become({ step: 'showing', code, note: verdict });
      return;
    }
    attempt.theirs = { code: verdict, text: writeCode(verdict) };
    this.#become({ step: 'linking', code });
    attempt.channel.answer(answerOf(verdict, attempt.offer, isLower(verdict.fingerprint, attempt.ours.fingerprint)));
  }

  agree(): void {
    const attempt = this.#attempt;
    if (this.#state.step !== 'comparing' || this.#state.hasAgreed || attempt === null) return;
    this.#become({ ...this.#state, hasAgreed: true });
    attempt.channel.send(encodePairingFrame({ type: 'pair-agreed', room: this.#host.room }));
    this.#admit(attempt);
  }

  refuse(): void {
    if (this.#state.step === 'comparing') this.#fail('digits-differ');
  }

  again(): void {
    if (this.#state.step !== 'failed') return;
    this.#unanswered = 0;
    this.#renew(null);
  }

  end(): void {
    this.#isEnded = true;
    this.#unwatch();
    this.#close();
  }

  /** Another end, another code; the old ones are worth nothing from now on. */
  #renew(note: PairingNote | null): void {
    this.#close();
    if (this.#isEnded) return;
    if (!this.#host.chat.meshEnabled || this.#host.scope === 'relay') {
      this.#become({ step: 'failed', reason: 'mesh-off' });
      return;
    }
    this.#become({ step: 'preparing' });
    try {
      this.#attempt = this.#begin(note);
    } catch {
      // A browser without peer connections, or a page that has used up what it may have.
      this.#fail('no-webrtc');
    }
  }

  #begin(note: PairingNote | null): Attempt {
    const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
    const attempt: Attempt = {
      nonce,
      offer: '',
      ours: null,
      text: '',
      theirs: null,
      met: null,
      isOpen: false,
      hasTheirAgreement: false,
      channel: new PairedChannel(this.#host.open ?? openPeerLink, this.#host.scope, {
        signal: (data) => void this.#offered(attempt, data, note),
        open: () => this.#opened(attempt),
        text: (text) => {
          this.#hearing = this.#hearing.then(() => this.#hear(attempt, text));
        },
        closed: () => this.#closed(attempt),
      }),
    };
    return attempt;
  }

  /** The browser has described our end: the code is made from it. */
  async #offered(attempt: Attempt, data: string, note: PairingNote | null): Promise<void> {
    const { type, sdp } = JSON.parse(data) as { readonly type?: string; readonly sdp?: string };
    if (type !== 'offer' || sdp === undefined) return;
    const { room, self, scope, nowMs } = this.#host;
    const hash = await sha256(commitmentBytes({ room, peer: self, nonce: attempt.nonce }));
    if (attempt !== this.#attempt) return;
    const end = readDescription(sdp, scope === 'local');
    if (end === null) {
      this.#fail('no-webrtc');
      return;
    }
    if (end.candidates.length === 0) {
      this.#fail('no-network');
      return;
    }
    attempt.offer = sdp;
    attempt.ours = {
      ...end,
      roomTag: roomTag(room),
      madeAtS: Math.floor(nowMs() / 1_000) & 0xff_ff,
      commitment: hash.slice(0, COMMITMENT_BYTES),
    };
    try {
      attempt.text = writeCode(attempt.ours);
    } catch {
      // Credentials of a length no known browser makes.
      this.#fail('no-webrtc');
      return;
    }
    this.#timer = setTimeout(() => this.#renew('renewed'), CODE_LIFE_MS);
    this.#become({ step: 'showing', code: attempt.text, note });
  }

  #opened(attempt: Attempt): void {
    if (attempt !== this.#attempt || attempt.theirs === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    attempt.isOpen = true;
    this.#used.add(attempt.theirs.text);
    const { room, self, name } = this.#host;
    attempt.channel.send(encodePairingFrame({ type: 'pair', room, peer: self, name: name(), nonce: attempt.nonce }));
  }

  async #hear(attempt: Attempt, text: string): Promise<void> {
    if (attempt !== this.#attempt || attempt.theirs === null) return;
    const frame = decodePairingFrame(text);
    if (frame?.type === 'pair-agreed' && frame.room === this.#host.room && attempt.met !== null) {
      attempt.hasTheirAgreement = true;
      this.#admit(attempt);
      return;
    }
    const { theirs } = attempt;
    const isTrue =
      frame?.type === 'pair' &&
      frame.room === this.#host.room &&
      frame.peer !== this.#host.self &&
      attempt.met === null &&
      isSame((await sha256(commitmentBytes(frame))).subarray(0, COMMITMENT_BYTES), theirs.code.commitment);
    if (attempt !== this.#attempt) return;
    if (!isTrue) {
      this.#fail('not-theirs');
      return;
    }
    const ours = { code: attempt.text, nonce: attempt.nonce };
    const hash = await sha256(checkBytes(ours, { code: theirs.text, nonce: frame.nonce }));
    if (attempt !== this.#attempt) return;
    const { digits, dial } = checkOf(hash, toBase64Url);
    attempt.met = { peer: frame.peer, name: frame.name, digits, dial };
    this.#become({ step: 'comparing', digits, name: frame.name, hasAgreed: false });
  }

  /** Both people have agreed: the channel becomes a link of the room. */
  #admit({ met, channel, hasTheirAgreement }: Attempt): void {
    const hasAgreed = this.#state.step === 'comparing' && this.#state.hasAgreed;
    if (met === null || !hasAgreed || !hasTheirAgreement) return;
    const { chat, admit, refused, trust } = this.#host;
    const { peer, name, dial } = met;
    const author = authorOf(peer);
    this.#attempt = null;
    const listening = new AbortController();
    chat.addEventListener(
      'fc-peer',
      ({ change }) => {
        if (change.peer !== peer || change.state === 'dialing') return;
        listening.abort();
        if (change.state === 'linked') {
          trust(author);
          this.#become({ step: 'paired', name, author });
        } else {
          refused(dial);
          channel.close();
          this.#fail(UNLINKED[change.reason] ?? 'lost');
        }
      },
      { signal: listening.signal },
    );
    admit(dial, peer, channel.handOver());
  }

  #closed(attempt: Attempt): void {
    if (attempt !== this.#attempt) return;
    if (attempt.isOpen) {
      this.#fail('lost');
      return;
    }
    if (attempt.theirs === null) {
      this.#fail('no-webrtc');
      return;
    }
    this.#unanswered += 1;
    this.#renew(this.#unanswered > 1 ? 'isolated' : 'no-answer');
  }

  /** An address of the code may be wrong now. */
  #networkChanged(): void {
    const { state } = this;
    if (state.step === 'showing' || state.step === 'linking') this.#renew('renewed');
    else if (state.step === 'failed' && state.reason === 'no-network') this.#renew(null);
  }

  #fail(reason: PairingFailure): void {
    this.#close();
    this.#become({ step: 'failed', reason });
  }

  #close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const channel = this.#attempt?.channel;
    this.#attempt = null;
    channel?.close();
  }

  #become(state: PairingState): void {
    if (this.#isEnded) return;
    this.#state = state;
    this.dispatchEvent(new Event('change'));
  }
}
