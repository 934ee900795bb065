// Registers the elements. The only file with this effect; importing it twice does it once.

import { FcComposer } from './element/fc-composer.js';
import { FcMembers } from './element/fc-members.js';
import { FcMessageList } from './element/fc-message-list.js';
import { FcNamePrompt } from './element/fc-name-prompt.js';
import { FcStatus } from './element/fc-status.js';
import { FestivalChat } from './element/festival-chat.js';

const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  'fc-composer': FcComposer,
  'fc-members': FcMembers,
  'fc-message-list': FcMessageList,
  'fc-name-prompt': FcNamePrompt,
  'fc-status': FcStatus,
  'festival-chat': FestivalChat,
};

for (const [tag, constructor] of Object.entries(ELEMENTS)) register(tag, constructor);

FestivalChat.loadPanel = async () => {
  const { FcMeshPanel } = await import('./element/fc-mesh-panel.js');
  register('fc-mesh-panel', FcMeshPanel);
};

function register(tag: string, constructor: CustomElementConstructor): void {
  if (customElements.get(tag) === undefined) customElements.define(tag, constructor);
}

export * from './index.js';
