/** libbpf's messages as it prints them, those of all threads of the process: to find a fault, or to keep them in a log. */
import { argumentError, requireMethod, requireOptions, shown } from '../errors/arguments.js';
import { escapeControls } from '../errors/escape.js';
import { type Closable, Resource } from './closable.js';
import { check } from './errno.js';
import type { Flow } from './flow.js';
import { type LogListenerHandle, native } from './native.js';

/** `enum libbpf_print_level` (libbpf.h), from what matters most to what matters least. */
const levels = ['warn', 'info', 'debug'] as const;

/** How much a message of libbpf's matters; `debug` tells each step of libbpf, and has the verifier's logs. */
export type LibbpfLogLevel = (typeof levels)[number];

/** One message of libbpf's. */
export interface LibbpfMessage {
  readonly level: LibbpfLogLevel;
  /** Without `libbpf: ` before it and the line's end behind it; control characters of objects' names are escaped. */
  readonly text: string;
  /** Messages before it that were dropped, as this thread was busy for more than 16,384 of them; mostly 0. */
  readonly lost: number;
}

/**
 * Calls `listener` with each message of libbpf from now on (libbpf_set_print() in libbpf.c), on whichever thread of
 * the process: other workers' too. Nothing listens by default, and nothing is ever printed; the log of a failed call
 * is in `BpfError.log` anyway.
 *
 * Messages come when this thread is free, and at `close()`: those of a `loadSync()` come behind it. Listening alone keeps
 * no process alive. What the listener throws is an uncaught exception, as in any listener of Node.
 *
 * @param options - the last level to hear: `info` by default
 * @throws BpfError `ERR_BPF_ARGUMENT` for an unknown level
 * @example
 * ```ts
 * using log = onLibbpfLog(({ level, text }) => console.error(level, text), { level: 'debug' });
 * await load('execsnoop.bpf.o');
 * ```
 */
export function onLibbpfLog(
  listener: (message: LibbpfMessage) => void,
  options: { readonly level?: LibbpfLogLevel } = {},
): Closable {
  const operation = "listen to libbpf's log";
  requireMethod(operation, listener, 'call', 'a listener is a function');
  requireOptions(operation, options, ['level']);
  const { level = 'info' } = options;
  const most = levels.indexOf(level);
  if (most < 0) throw argumentError(operation, `a level is ${levels.join(', ')}, not ${shown(level)}`);
  return new LogListening(listener, most, operation);
}

/** One listener: what the addon keeps for it is taken when it wakes this thread, and whatever is left at the end. */
class LogListening extends Resource {
  readonly #listener: (message: LibbpfMessage) => void;
  readonly #handle: LogListenerHandle;
  readonly #take = () => this.#tellAll();

  constructor(listener: (message: LibbpfMessage) => void, most: number, operation: string) {
    super();
    this.#listener = listener;
    this.#handle = check(native().logListen(this.#take, most), operation) as LogListenerHandle;
    process.on('exit', this.#take);
  }

  protected get subject(): string {
    return "listener of libbpf's log";
  }

  // biome-ignore lint/correctness/useYield: nothing of it may block
  protected *end(): Flow<void> {
    process.off('exit', this.#take);
    this.#tellAll();
    native().logUnlisten(this.#handle);
  }

  #tellAll(): void {
    const kept = native().logTake(this.#handle);
    if (!Array.isArray(kept)) return;
    for (const [level, text, lost] of kept) this.#tell(messageOf(level, text, lost));
  }

  /** The messages behind one that the listener fails at come all the same. */
  #tell(message: LibbpfMessage): void {
    try {
      this.#listener(message);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function messageOf(level: number, text: string, lost: number): LibbpfMessage {
  const plain = text.replace(/^libbpf: /, '').replace(/\n$/, '');
  return { level: levels[level] ?? 'debug', text: escapeControls(plain), lost };
}
