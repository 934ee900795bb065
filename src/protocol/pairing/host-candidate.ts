// An address at which a device on the same network can be reached, in the few bytes a pairing code has for it (rule Q1).

/** IPv4 in dots, IPv6 in eight groups without zeros before them, or a name `UUID.local` where the browser hides the address. */
export interface HostCandidate {
  readonly address: string;
  /** 1–65535. */
  readonly port: number;
}

/** First byte of each kind, and the bytes of its address. */
const KINDS = [
  { kind: 4, length: 4, read: readIpv4, write: writeIpv4 },
  { kind: 1, length: 16, read: readHidden, write: writeHidden },
  { kind: 6, length: 16, read: readIpv6, write: writeIpv6 },
] as const;

const PORT_BYTES = 2;
const HIDDEN = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\.local$/;

/** Kind, address, port; null when the address is of none of the kinds. */
export function candidateBytes({ address, port }: HostCandidate): Uint8Array | null {
  for (const { kind, read } of KINDS) {
    const bytes = read(address);
    if (bytes !== null) return Uint8Array.from([kind, ...bytes, port >> 8, port & 0xff]);
  }
  return null;
}

/** The candidate that begins at `at`, and where the next one does; null when there is none. */
export function readCandidate(
  bytes: Uint8Array,
  at: number,
): { readonly candidate: HostCandidate; readonly end: number } | null {
  const form = KINDS.find(({ kind }) => kind === bytes[at]);
  if (form === undefined) return null;
  const portAt = at + 1 + form.length;
  const end = portAt + PORT_BYTES;
  if (end > bytes.length) return null;
  const port = (bytes[portAt] ?? 0) * 256 + (bytes[portAt + 1] ?? 0);
  return port === 0 ? null : { candidate: { address: form.write(bytes.subarray(at + 1, portAt)), port }, end };
}

/** Lower is better: IPv4 is there on every hotspot, a hidden name needs multicast, IPv6 takes the most room. */
export function candidateRank({ address }: HostCandidate): number {
  return KINDS.findIndex(({ read }) => read(address) !== null);
}

function readIpv4(address: string): number[] | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) === true ? parts : null;
}

function writeIpv4(bytes: Uint8Array): string {
  return bytes.join('.');
}

function readHidden(address: string): number[] | null {
  const digits = HIDDEN.exec(address)?.slice(1).join('');
  return digits === undefined ? null : (digits.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
}

function writeHidden(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}.local`;
}

function readIpv6(address: string): number[] | null {
  const [head = '', tail, ...more] = address.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const missing = 8 - before.length - after.length;
  const isWhole = tail === undefined ? missing === 0 : missing > 0;
  if (!isWhole || more.length > 0) return null;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]);
}

function writeIpv6(bytes: Uint8Array): string {
  return Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16),
  ).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
