// What the browser says of the device and its network. Where it says nothing, the answer is unknown.

import type { Diagnostics } from './chat.js';

interface NetworkInformation {
  readonly type?: string;
  readonly saveData?: boolean;
}

function browser(): { navigator?: Navigator & { connection?: NetworkInformation }; document?: Document } {
  return globalThis;
}

export function detectNetwork(): Diagnostics['detector'] {
  const { navigator } = browser();
  const type = navigator?.connection?.type;
  const isKnown = type === 'wifi' || type === 'cellular' || type === 'none';
  return {
    networkType: isKnown ? type : 'unknown',
    isOnline: typeof navigator?.onLine === 'boolean' ? navigator.onLine : null,
    saveData: navigator?.connection?.saveData ?? null,
  };
}

export function hasWebRtc(): boolean {
  return typeof (globalThis as { RTCPeerConnection?: unknown }).RTCPeerConnection === 'function';
}

export function isSecureContext(): boolean {
  return (globalThis as { isSecureContext?: boolean }).isSecureContext === true;
}

export function visibility(): Diagnostics['environment']['visibility'] {
  const state = browser().document?.visibilityState;
  return state === 'visible' || state === 'hidden' ? state : 'unknown';
}

/**
 * Milliseconds since 1970 by a clock that never jumps: the wall clock as it was when the page started, and what has
 * passed since. A wall clock set right in the meantime is followed through the server's (rule T2).
 */
export function steadyNowMs(): number {
  return performance.timeOrigin + performance.now();
}
