// Runs in a page before its own script: notes when the browser has signed, written, sent, received and checked.
// The stamps are around what the browser itself does, so the page measured is the page as it is.

/** In the order in which a message meets them: the first three where it is said, the others where it is heard. */
export type Stage = 'signed' | 'on disk' | 'sent' | 'came' | 'checked';

export interface Stamp {
  readonly atMs: number;
  /** Of what was sent or came; 0 of the other stages. */
  readonly length: number;
}

declare global {
  interface Window {
    /** Each stage's, the first first. */
    stamps: Record<Stage, Stamp[]>;
  }
}

type Data = string | ArrayBuffer | ArrayBufferView<ArrayBuffer> | Blob;

window.stamps = { signed: [], 'on disk': [], sent: [], came: [], checked: [] };

const subtle = SubtleCrypto.prototype;
const { sign, verify } = subtle;
subtle.sign = function (...given) {
  const signing = sign.apply(this, given);
  void signing.then(() => stamp('signed'));
  return signing;
};
subtle.verify = function (...given) {
  const checking = verify.apply(this, given);
  void checking.then(() => stamp('checked'));
  return checking;
};

const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (...given) {
  const begun = transaction.apply(this, given);
  // What is only gathered is written relaxed.
  if (given[2]?.durability === 'strict') begun.addEventListener('complete', () => stamp('on disk'));
  return begun;
};

const channel = RTCDataChannel.prototype;
const send = channel.send as (data: Data) => void;
channel.send = function (data: Data) {
  stamp('sent', lengthOf(data));
  send.call(this, data);
};
const { onmessage } = Object.getOwnPropertyDescriptors(channel);
Object.defineProperty(channel, 'onmessage', {
  ...onmessage,
  set(this: RTCDataChannel, listen: (event: MessageEvent<Data>) => void) {
    onmessage.set?.call(this, (event: MessageEvent<Data>) => {
      stamp('came', lengthOf(event.data));
      listen.call(this, event);
    });
  },
});

function stamp(stage: Stage, length = 0): void {
  window.stamps[stage].push({ atMs: performance.timeOrigin + performance.now(), length });
}

function lengthOf(data: Data): number {
  if (typeof data === 'string') return data.length;
  return data instanceof Blob ? data.size : data.byteLength;
}
