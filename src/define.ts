// Registers the elements. The only file with this effect; importing it twice does it once.

import { FcComposer } from './element/fc-composer.js';
import { FcMessageList } from './element/fc-message-list.js';
import { FcStatus } from './element/fc-status.js';
import { FestivalChat } from './element/festival-chat.js';
import type { LazyPart } from './element/extras/lazy-parts.js';
import { insertByScriptTag } from './script-tag.js';

type Elements = Readonly<Record<string, CustomElementConstructor>>;

/** What every page needs. */
const ELEMENTS: Elements = {
  'fc-composer': FcComposer,
  'fc-message-list': FcMessageList,
  'fc-status': FcStatus,
  'festival-chat': FestivalChat,
};

/** What is fetched when it is first needed. */
const LAZY: Readonly<Record<LazyPart, () => Promise<Elements>>> = {
  panel: async () => ({ 'fc-mesh-panel': (await import('./element/panel/fc-mesh-panel.js')).FcMeshPanel }),
  pairing: async () => ({ 'fc-pairing': (await import('./element/pairing/fc-pairing.js')).FcPairing }),
  crew: async () => (await import('./element/crew/crew-parts.js')).CREW_ELEMENTS,
  photos: async () => (await import('./element/photos/photo-elements.js')).PHOTO_ELEMENTS,
  extras: async () => (await import('./element/extras/extras.js')).EXTRA_ELEMENTS,
};

FestivalChat.loadPart = async (part) => register(await LAZY[part]());
register(ELEMENTS);
insertByScriptTag(import.meta.url);

function register(elements: Elements): void {
  for (const [tag, constructor] of Object.entries(elements)) {
    if (customElements.get(tag) === undefined) customElements.define(tag, constructor);
  }
}

export * from './index.js';
