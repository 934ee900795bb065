// Shows one notification for a room at a time: by the page, or by the chat's service worker where browsers let nobody else.

import { isOwnWorker } from '../../engine/environment.js';
import type { OpenMessage } from '../../offline/notice.js';

/** What is told of a message. */
export interface Notice {
  readonly title: string;
  readonly body: string;
}

export class Notices {
  readonly #tag: () => string;
  readonly #tapped: () => void;
  #canShow = typeof Notification === 'function';
  #shown: Notification | null = null;
  #isByWorker = false;
  /** What the worker says of a notification it has shown. */
  readonly #handleMessage = ({ data }: MessageEvent<Partial<OpenMessage> | null>): void => {
    if (data?.opens === this.#tag()) this.#tapped();
  };

  /** @param tag of the room: what is shown under it replaces what was @param tapped called when it is tapped */
  constructor(tag: () => string, tapped: () => void) {
    this.#tag = tag;
    this.#tapped = tapped;
  }

  /** False once it is known that this browser shows none of this page. */
  get canShow(): boolean {
    return this.#canShow;
  }

  /** Within the tap that wants them: browsers ask in answer to one only. True when they may be shown. */
  async allow(): Promise<boolean> {
    this.#canShow &&= canConstruct() || (await ownWorker()) !== undefined;
    return this.#canShow && (await Notification.requestPermission()) === 'granted';
  }

  listen(): void {
    workers()?.addEventListener('message', this.#handleMessage);
  }

  end(): void {
    workers()?.removeEventListener('message', this.#handleMessage);
    this.close();
  }

  /** The next takes its place without another sound. */
  show({ title, body }: Notice): void {
    const options: NotificationOptions = { body, tag: this.#tag(), dir: 'auto' };
    try {
      this.#shown = new Notification(title, options);
    } catch {
      void this.#showByWorker(title, options);
      return;
    }
    this.#shown.onclick = () => {
      window.focus();
      this.#tapped();
      this.#shown?.close();
    };
  }

  close(): void {
    this.#shown?.close();
    this.#shown = null;
    if (this.#isByWorker) void closeByWorker(this.#tag());
    this.#isByWorker = false;
  }

  async #showByWorker(title: string, options: NotificationOptions): Promise<void> {
    const worker = await ownWorker();
    this.#canShow = worker !== undefined;
    // Somebody may look by now.
    if (!document.hidden) return;
    this.#isByWorker = true;
    await worker?.showNotification(title, { ...options, data: location.href });
  }
}

async function closeByWorker(tag: string): Promise<void> {
  for (const shown of (await (await ownWorker())?.getNotifications({ tag })) ?? []) shown.close();
}

/** Undefined where pages have no workers: on plain http. */
function workers(): ServiceWorkerContainer | undefined {
  return (navigator as Partial<Navigator>).serviceWorker;
}

async function ownWorker(): Promise<ServiceWorkerRegistration | undefined> {
  const registrations = (await workers()?.getRegistrations()) ?? [];
  return registrations.find(({ active }) => isOwnWorker(active));
}

/**
 * Chrome on Android lets only service workers notify, and so does Safari on an iPhone's home screen: there the constructor
 * throws. Asked while nothing may be shown yet, so that nothing is. https://crbug.com/481856
 */
function canConstruct(): boolean {
  if (Notification.permission === 'granted') return true;
  try {
    new Notification('').close();
    return true;
  } catch {
    return false;
  }
}
