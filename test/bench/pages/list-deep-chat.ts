import 'deep-chat';
import { lineOf } from './lines.js';
import { measured } from './list-probe.js';

/** As much of it as is used here. */
interface DeepChat extends HTMLElement {
  history: readonly { readonly text: string; readonly role: 'ai' }[];
  addMessage(message: { readonly text: string; readonly role: 'ai' }): void;
}

let element: DeepChat | null = null;

window.list = measured({
  show(messages) {
    element?.remove();
    element = document.createElement('deep-chat') as unknown as DeepChat;
    element.style.width = '100vw';
    element.style.height = '100vh';
    element.history = Array.from({ length: messages }, (_, index) => ({ text: lineOf(index), role: 'ai' }));
    document.body.append(element);
  },
  receive: () => element?.addMessage({ text: lineOf(Math.floor(performance.now())), role: 'ai' }),
  scroller: () => element?.shadowRoot?.querySelector<HTMLElement>('#messages') ?? null,
});
