import '../../../src/define.js';
import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { LIMITS } from '../../../src/protocol/limits.js';
import { ScriptedChat, message } from '../../../stories/scripted-chat.js';
import { lineOf } from './lines.js';
import { measured } from './list-probe.js';

let element: FestivalChat | null = null;
let chat = new ScriptedChat();

window.list = measured({
  show(messages) {
    element?.remove();
    chat = new ScriptedChat({ messages: Array.from({ length: messages }, (_, index) => message(lineOf(index))) });
    element = document.createElement('festival-chat');
    element.style.setProperty('--fc-height', '100vh');
    element.client = chat;
    document.body.append(element);
  },
  receive() {
    const kept = Math.max(chat.messages.length, LIMITS.clientRecordsMax);
    // As a client keeps them: when one comes, the oldest goes.
    chat.messages = chat.messages.slice(1 - kept);
    chat.receive(message(lineOf(chat.messages.length)));
  },
  scroller: () => element?.shadowRoot?.querySelector('fc-message-list')?.shadowRoot?.querySelector('.scroll') ?? null,
});
