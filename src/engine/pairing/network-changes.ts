/** The part of the Network Information API that is used. It tells of every new estimate of speed as well. */
interface Network extends EventTarget {
  readonly type?: string;
}

/** Tells of changes of the device's network, as far as the browser does, until the returned function is called. */
export function watchNetwork(changed: () => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const { connection } = (globalThis as { navigator?: { connection?: Network } }).navigator ?? {};
  let type = connection?.type;
  connection?.addEventListener(
    'change',
    () => {
      if (connection.type === type) return;
      type = connection.type;
      changed();
    },
    { signal },
  );
  if (typeof addEventListener === 'function') {
    for (const event of ['online', 'offline']) addEventListener(event, changed, { signal });
  }
  return () => ending.abort();
}
