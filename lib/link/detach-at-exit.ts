/** Attachments without a `bpf_link`, which stay when a process ends: undone here, unless a signal kills it. */

/** A link, as far as its end goes. */
interface Held {
  readonly closed: boolean;
  closeSync(): void;
}

const held = new Set<Held>();

/** Detaches `link` when the process ends, unless it is detached before; not when a signal kills the process. */
export function undoAtExit(link: Held): void {
  if (held.size === 0) process.once('exit', undoAll);
  for (const other of held) if (other.closed) held.delete(other);
  held.add(link);
}

function undoAll(): void {
  for (const link of held) {
    try {
      if (!link.closed) link.closeSync();
    } catch (error) {
      process.emitWarning(error as Error); // the others have to go all the same
    }
  }
  held.clear();
}
