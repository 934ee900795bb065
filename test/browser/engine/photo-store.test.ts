// The bytes of photos in the browser's database, which the tabs of a browser share.

import { expect } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { storageName } from '../../../src/engine/kept-schema.js';
import { photosOf } from '../../../src/engine/photos/database-name.js';
import { PhotoStore } from '../../../src/engine/photos/photo-store.js';
import { Photos } from '../../../src/engine/photos/photos.js';
import type { PhotosOptions } from '../../../src/engine/photos/photos.js';
import { roomKey } from '../../../src/protocol/ids.js';
import type { RecordId } from '../../../src/protocol/ids.js';
import type { Photo } from '../../../src/protocol/record.js';
import { ScriptedChat, message } from '../../../stories/scripted-chat.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const SERVER = 'https://chat.example';
const ROOM = roomKey('photo-store-test', 'lobby');
const NAME = photosOf(storageName(SERVER, 'photo-store-test'));
const PICTURE = crypto.getRandomValues(new Uint8Array(1_000));
const HASH = 'h'.repeat(43) as Photo['hash'];
const KEPT = { hash: HASH, room: ROOM, bytes: PICTURE.length, giver: '', owed: [], usedAtMs: Date.now() };
const RECORD = 'a record of another tab' as RecordId;

let tabs: PhotoStore[];

beforeEach(async () => {
  tabs = [await PhotoStore.open(NAME), await PhotoStore.open(NAME)];
});
afterEach(async () => {
  for (const tab of tabs) tab.close();
  await deleteDB(NAME);
});

/** Both tabs fetch it, in pieces that end elsewhere. */
async function fetchAt(tab: PhotoStore | undefined, ends: readonly number[]): Promise<void> {
  let at = 0;
  for (const end of ends) {
    await tab?.append(KEPT, at, PICTURE.slice(at, end));
    at = end;
  }
}

describe('photos of two tabs', () => {
  it('puts together what both have fetched', async () => {
    const [one, other] = tabs;
    await fetchAt(one, [400, 800]);
    await fetchAt(other, [300, 700, 1_000]);
    expect(await other?.read(HASH)).to.deep.equal(PICTURE);
    expect(await one?.read(HASH)).to.deep.equal(PICTURE.slice(0, 800));
    await one?.append(KEPT, 800, PICTURE.slice(800));
    expect(await one?.read(HASH)).to.deep.equal(PICTURE);
  });

  it('drops nothing that the other owes', async () => {
    const [one, other] = tabs;
    await fetchAt(one, [400]);
    await other?.append({ ...KEPT, owed: [RECORD] }, 0, PICTURE);
    await one?.drop(HASH);
    expect(await other?.read(HASH)).to.deep.equal(PICTURE);
    await other?.note(HASH, () => ({ owed: [] }));
    await other?.drop(HASH);
    expect(await other?.read(HASH)).to.equal(null);
  });

  const begin = (chat: ScriptedChat): Promise<Photos> =>
    Photos.begin({
      ...{ chat, server: SERVER, key: ROOM, storage: { kind: 'indexeddb' }, sign: () => Promise.resolve('') },
      ...{ session: { self: 'nobody', room: { clockOffsetMs: () => null } }, bulks: () => new Map() },
    } as unknown as PhotosOptions);

  it('leaves what is owed for a message that has not come here, and lets go of it when it has come and gone', async () => {
    const [one] = tabs;
    await one?.append({ ...KEPT, owed: [RECORD] }, 0, PICTURE);
    const photo = { hash: HASH, bytes: PICTURE.length, width: 1, height: 1, type: 'image/webp', thumb: '' } as const;
    const chat = new ScriptedChat();
    const photos = await begin(chat);
    photos.sweep();
    expect(photos.view(photo).state).to.equal('here');
    chat.receive(message('shown', { id: RECORD, photo }));
    photos.sweep();
    expect(photos.view(photo).state).to.equal('here');
    chat.messages = [];
    photos.sweep();
    await waitUntil(() => photos.view(photo).state === 'absent');
    photos.end();
  });
});
