/** Work that a signal cuts short, and that leaves nothing half done. */

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that ends early where it is told to; then the process ends by the signal that it got, as it would have
 * without.
 */
export async function untilSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const caught: NodeJS.Signals[] = [];
  const onSignal = (name: NodeJS.Signals) => {
    caught.push(name);
    controller.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) process.off(name, onSignal);
    if (caught[0] !== undefined) process.kill(process.pid, caught[0]);
  }
}
