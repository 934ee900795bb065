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
    this.#canShow = typeof Notification === 'function' && (canConstruct() || (await ownWorker()) !== undefined);
    return this.#canShow && (await Notification.requestPermission()) === 'granted';
  }

  listen(): void {
    workers()?.addEventListener('message', this.#handleMessage);
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
      await this.#showByWorker(title, options);
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
    // One that is only just being installed shows none yet.
    await worker?.showNotification(title, { ...options, data: location.href }).catch(() => undefined);
  }
}

async function closeByWorker(tag: string): Promise<void> {
  for (const shown of (await (await ownWorker())?.getNotifications({ tag })) ?? []) shown.close();
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
