// What the browser says of itself and its network. Where it says nothing, the answer is unknown.

import type { DeviceFacts } from '../core/device-governor.js';
import type { Diagnostics } from './chat.js';

/** The Network Information API: Chromium has all of it on phones and a part elsewhere, others have none. */
interface NetworkInformation extends Partial<Pick<EventTarget, 'addEventListener'>> {
  readonly type?: string;
  readonly effectiveType?: string;
  readonly saveData?: boolean;
}

function browser(): { navigator?: Navigator & { connection?: NetworkInformation }; document?: Document } {
  return globalThis;
}

export function networkInformation(): NetworkInformation | undefined {
  return browser().navigator?.connection;
}

export function networkSpeed(): DeviceFacts['networkSpeed'] {
  const speed = networkInformation()?.effectiveType;
  return speed === 'slow-2g' || speed === '2g' || speed === '3g' || speed === '4g' ? speed : null;
}

export function detectNetwork(): Omit<Diagnostics['detector'], 'serverAnswers'> {
  const onLine: unknown = browser().navigator?.onLine;
  const type = networkInformation()?.type;
  const isKnown = type === 'wifi' || type === 'cellular' || type === 'none';
  return {
    networkType: isKnown ? type : onLine === false ? 'none' : 'unknown',
    networkSpeed: networkSpeed(),
    isOnline: typeof onLine === 'boolean' ? onLine : null,
    saveData: networkInformation()?.saveData ?? null,
  };
}

/** True for the chat's: a site may have a service worker of its own. */
export function isOwnWorker(worker: ServiceWorker | null | undefined): boolean {
  return /\/festival-chat-worker\.js(\?|$)/.test(worker?.scriptURL ?? '');
}

export function hasWebRtc(): boolean {
  return typeof (globalThis as { RTCPeerConnection?: unknown }).RTCPeerConnection === 'function';
}

/** False on a page of plain http; a program outside a browser has no such bounds. */
export function isSecureContext(): boolean {
  return (globalThis as { isSecureContext?: boolean }).isSecureContext !== false;
}

export function visibility(): Diagnostics['environment']['visibility'] {
  const state = browser().document?.visibilityState;
  return state === 'visible' || state === 'hidden' ? state : 'unknown';
}

/**
 * Milliseconds since 1970 by a clock that never jumps: the wall clock as it was when the page started, and what has
 * passed since. A wall clock set right in the meantime is followed through the server's (rule T2). On Android, iOS and
 * macOS it stands still while the device sleeps: until a server is heard again it is behind by that.
 */
export function steadyNowMs(): number {
  return performance.timeOrigin + performance.now();
}
