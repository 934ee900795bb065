// What people see of the mesh as a whole: may it be used, and what became of its dials.

export type CandidateKind = 'host' | 'srflx' | 'relay';

/** Dials in a row whose failure says something: one may be the other's fault, and two a coincidence (rule M12). */
export const FAILED_DIALS_MIN = 3;

/** Counted since the session started. */
export interface DialFacts {
  readonly tried: number;
  readonly failed: number;
  /** Since the last that succeeded, while no link was up. */
  readonly failedInRow: number;
  /** Kinds of addresses this device could offer; `srflx`: a STUN server on the internet has answered over UDP. */
  readonly gathered: readonly CandidateKind[];
  /** The server has named STUN or TURN servers. */
  readonly hasIceServers: boolean;
}

export interface MeshView {
  /** Who has switched the mesh off; null: it may be used. `power`: the device saves its battery. */
  readonly offBy: 'page' | 'browser' | 'organiser' | 'power' | null;
  readonly dials: DialFacts;
  /** The server has chosen this device to serve others (rule C1). */
  readonly isSupernode: boolean;
}

export const NO_DIALS: DialFacts = { tried: 0, failed: 0, failedInRow: 0, gathered: [], hasIceServers: false };
