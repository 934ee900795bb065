// Is this the code of a device that we could pair with now? Rules Q2 and Q4.

import { writeCode } from '../../protocol/pairing/pairing-code.js';
import type { PairingCode, ReadCode } from '../../protocol/pairing/pairing-code.js';
import type { CodeProblem } from './pairing-state.js';

const CODE_LIFE_S = 120;
/** Phones set their clocks by the network, within seconds; one that is further off is told of its clock. */
const CLOCKS_DIFFER_MAX_S = 60;
/** The time in a code begins again here. */
const TIME_CIRCLE_S = 2 ** 16;

export interface Accepting {
  readonly ours: PairingCode;
  /** Codes, as text, that led to a device before. */
  readonly used: ReadonlySet<string>;
  readonly nowS: number;
}

export function acceptCode(read: ReadCode, { ours, used, nowS }: Accepting): PairingCode | CodeProblem {
  if (!read.isOk) return read.problem;
  const { code } = read;
  if (code.roomTag !== ours.roomTag) return 'other-room';
  // One's own commitment: a mirror, or what was copied here.
  if (code.commitment.every((byte, index) => byte === ours.commitment[index])) return 'own-code';
  if (used.has(writeCode(code))) return 'used-code';
  const ahead = (((code.madeAtS - nowS) % TIME_CIRCLE_S) + TIME_CIRCLE_S) % TIME_CIRCLE_S;
  const ageS = ahead > TIME_CIRCLE_S / 2 ? TIME_CIRCLE_S - ahead : -ahead;
  const isFresh = ageS <= CODE_LIFE_S + CLOCKS_DIFFER_MAX_S && ageS >= -CLOCKS_DIFFER_MAX_S;
  return isFresh ? code : 'old-code';
}

/** The order of fingerprints by which two devices know who begins (rule Q3). */
export function isLower(a: Uint8Array, b: Uint8Array): boolean {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}
