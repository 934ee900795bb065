// How much a device may spend on others, from what it says of itself. A pure choice; the reasons and the
// rules are shown to people.

/** `auto` reads the device; `full` spends as if it were plugged in; `saving` spares it whatever it says. */
export type PowerPreference = 'auto' | 'full' | 'saving';

/** From the most to the least that is done for others. */
export type PowerProfile = 'full' | 'hidden' | 'saving' | 'server-only';

export type PowerReason =
  /** The page asked for it. */
  | 'asked'
  /** Below 10 %, and not charging. */
  | 'battery-critical'
  /** Below 20 %, and not charging. */
  | 'battery-low'
  /** The visitor has asked the browser to save data. */
  | 'save-data'
  /** The browser measured a network of the second generation: one link is as much as it carries. */
  | 'slow-network'
  /** Nobody looks at the page. */
  | 'hidden';

/** What a profile allows. Links that are asked for in person are opened as far as `linksMax` goes. */
export interface PowerRules {
  /** Peer links kept at most; 0: server only. Null: as many as the room needs. With one, nobody is served through it. */
  readonly linksMax: number | null;
  /** Links are opened by itself; those others open are taken. */
  readonly opensLinks: boolean;
  /** Replicas are compared, and the server is asked where it stands, no more often than this; milliseconds. */
  readonly syncEveryMs: number;
}

/** What the device says; null where it says nothing. */
export interface DeviceFacts {
  readonly isVisible: boolean;
  /** 0 to 1. */
  readonly battery: number | null;
  readonly isCharging: boolean | null;
  readonly saveData: boolean | null;
  readonly networkSpeed: 'slow-2g' | '2g' | '3g' | '4g' | null;
}

export interface PowerView {
  readonly wanted: PowerPreference;
  readonly profile: PowerProfile;
  /** Empty in the profile `full`. */
  readonly reasons: readonly PowerReason[];
  readonly rules: PowerRules;
}

const BATTERY_LOW = 0.2;
const BATTERY_CRITICAL = 0.1;
/** Of a device that saves: half a minute late is soon enough for what a single link has missed. */
const SPARING_SYNC_MS = 30_000;

const RULES: Readonly<Record<PowerProfile, PowerRules>> = {
  full: { linksMax: null, opensLinks: true, syncEveryMs: 0 },
  hidden: { linksMax: null, opensLinks: false, syncEveryMs: SPARING_SYNC_MS },
  saving: { linksMax: 1, opensLinks: true, syncEveryMs: SPARING_SYNC_MS },
  'server-only': { linksMax: 0, opensLinks: false, syncEveryMs: SPARING_SYNC_MS },
};

const PROFILE_OF: Readonly<Record<PowerReason, PowerProfile>> = {
  asked: 'saving',
  'battery-critical': 'server-only',
  'battery-low': 'saving',
  'save-data': 'saving',
  'slow-network': 'saving',
  hidden: 'hidden',
};

const STRICTEST_FIRST: readonly PowerProfile[] = ['server-only', 'saving', 'hidden', 'full'];

/**
 * The strictest profile that has a reason. A hidden device that saves keeps its one link and opens none. A cellular
 * network is no reason by itself: in a field it is everybody's.
 */
export function govern(device: DeviceFacts, wanted: PowerPreference): PowerView {
  const reasons = reasonsOf(device, wanted);
  const profiles = reasons.map((reason) => PROFILE_OF[reason]);
  const profile = STRICTEST_FIRST.find((candidate) => profiles.includes(candidate)) ?? 'full';
  const rules = RULES[profile];
  return { wanted, profile, reasons, rules: device.isVisible ? rules : { ...rules, opensLinks: false } };
}

function reasonsOf(device: DeviceFacts, wanted: PowerPreference): PowerReason[] {
  const reasons: PowerReason[] = [];
  if (wanted === 'saving') reasons.push('asked');
  if (wanted !== 'full') {
    const left = device.isCharging === true ? null : device.battery;
    if (left !== null && left < BATTERY_CRITICAL) reasons.push('battery-critical');
    else if (left !== null && left < BATTERY_LOW) reasons.push('battery-low');
    if (device.saveData === true) reasons.push('save-data');
    if (device.networkSpeed === 'slow-2g' || device.networkSpeed === '2g') reasons.push('slow-network');
  }
  if (!device.isVisible) reasons.push('hidden');
  return reasons;
}
