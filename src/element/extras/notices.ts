// Shows one notification for a room at a time: by the page, or by the chat's service worker where browsers let nobody else.

import { isOwnWorker } from '../../engine/environment.js';
import type { AskMessage, OpenMessage } from '../../offline/notice.js';

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
  /** The worker is about to show one: only then can that be closed. */
  #showing: Promise<void> = Promise.resolve();
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

  /** The visitor has allowed this site to notify. */
  get isAllowed(): boolean {
    return typeof Notification === 'function' && Notification.permission === 'granted';
  }

  /** Finds out whether one could be shown, without showing it: then `canShow` is known. */
  async check(): Promise<void> {
    this.#canShow = typeof Notification === 'function' && (canConstruct() || (await ownWorker()) !== undefined);
  }

  /** Within the tap that wants them: browsers ask in answer to one only. True when they may be shown. */
  async allow(): Promise<boolean> {
    await this.check();
    return this.#canShow && (await Notification.requestPermission()) === 'granted';
  }

  listen(): void {
    workers()?.addEventListener('message', this.#handleMessage);
  }

  /** The room is known: this page may have been opened by a tap on what was told of it. */
  async ask(): Promise<void> {
    if (!this.isAllowed) return;
    const worker = await ownWorker();
    worker?.active?.postMessage({ asks: this.#tag() } satisfies AskMessage);
  }

  end(): void {
    workers()?.removeEventListener('message', this.#handleMessage);
    this.close();
  }

  /** The next takes its place without another sound. Resolves when it is shown, or `canShow` has become false. */
  async show({ title, body }: Notice): Promise<void> {
    const options: NotificationOptions = { body, tag: this.#tag(), dir: 'auto' };
    try {
      this.#shown = new Notification(title, options);
    } catch {
      this.#showing = this.#showByWorker(title, options);
      await this.#showing;
      return;
    }
    this.#shown.onclick = () => {
      window.focus();
      this.#tapped();
      this.#shown?.close();
    };
  }

  /** Also what the worker has shown of a page before this one. */
  close(): void {
    this.closeOwn();
    void this.#closeByWorker({ tag: this.#tag() });
  }

  /** Only what this page has shown without the worker. */
  closeOwn(): void {
    this.#shown?.close();
    this.#shown = null;
  }

  /** @param prefix what the tags of a festival's rooms begin with */
  closeAll(prefix: string): void {
    this.closeOwn();
    void this.#closeByWorker({}, prefix);
  }

  async #showByWorker(title: string, options: NotificationOptions): Promise<void> {
    const worker = await ownWorker();
    this.#canShow = worker !== undefined;
    // Somebody may look by now.
    if (!document.hidden) return;
    // One that is only just being installed shows none yet.
    await worker?.showNotification(title, { ...options, data: location.href }).catch(() => undefined);
  }

  async #closeByWorker(filter: GetNotificationOptions, prefix = ''): Promise<void> {
    if (!this.isAllowed) return;
    await this.#showing;
    const worker = await ownWorker();
    const shown = (await worker?.getNotifications(filter).catch(() => [])) ?? [];
    for (const each of shown) if (each.tag.startsWith(prefix)) each.close();
  }
}

/** Undefined where pages have no workers: on plain http, and in a frame whose sandbox lets it have no origin. */
function workers(): ServiceWorkerContainer | undefined {
  try {
    return (navigator as Partial<Navigator>).serviceWorker;
  } catch {
    return undefined;
  }
}

/** On a first visit it is still being installed while people look at the switch. */
async function ownWorker(): Promise<ServiceWorkerRegistration | undefined> {
  // Refused where the browser keeps nothing for this site.
  const registrations =
    (await workers()
      ?.getRegistrations()
      .catch(() => [])) ?? [];
  return registrations.find(({ active, waiting, installing }) => [active, waiting, installing].some(isOwnWorker));
}

/**
 * Chrome on Android lets only service workers notify, and so does Safari on an iPhone's home screen: there the constructor
 * throws a TypeError. Where it does not, and one would be shown, it is stopped by data that cannot be kept: browsers refuse
 * that before they show anything. https://crbug.com/481856
 */
function canConstruct(): boolean {
  try {
    new Notification('', Notification.permission === 'granted' ? { data: canConstruct } : {}).close();
    return true;
  } catch (error) {
    return error instanceof DOMException && error.name === 'DataCloneError';
  }
}
