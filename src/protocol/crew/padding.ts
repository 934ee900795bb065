// Bodies padded before they are sealed, so that a size tells little (rule K3).

const LENGTH_BYTES = 4;
const STEP_MIN = 128;
/** Up to here sizes double; beyond, they go in steps of this. */
const STEP_MAX = 1_024;

export function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const needed = LENGTH_BYTES + bytes.length;
  let size = STEP_MIN;
  while (size < needed) size += Math.min(size, STEP_MAX);
  const all = new Uint8Array(size);
  new DataView(all.buffer).setUint32(0, bytes.length);
  all.set(bytes, LENGTH_BYTES);
  return all;
}

/** Null when it was not padded so. */
export function unpadded(all: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (all.length < STEP_MIN) return null;
  const length = new DataView(all.buffer, all.byteOffset).getUint32(0);
  if (length > all.length - LENGTH_BYTES) return null;
  const bytes = all.slice(LENGTH_BYTES, LENGTH_BYTES + length);
  return padded(bytes).length === all.length && all.subarray(LENGTH_BYTES + length).every((byte) => byte === 0)
    ? bytes
    : null;
}
