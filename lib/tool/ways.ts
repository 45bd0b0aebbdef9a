/** Ways to trace the same thing, of which a kernel has some: tracepoints before functions, fentry before kprobes. */
import { UsageError } from '../command/command.js';
import { BpfError, type Link } from '../index.js';
import type { TracingObject } from './tracing.js';

/** Programs by the way that they are of, the best first, as `{ fexit: ['left'], kprobe: ['entered', 'returned'] }`. */
export type TracingWays = Readonly<Record<string, readonly string[]>>;

/** What a tool has opened and not loaded. */
export interface OpenedForTracing<Loaded> {
  readonly programs: object;
  load(): Promise<Loaded>;
}

/** What traces, and how. */
export interface Tracing<Loaded> {
  readonly object: Loaded;
  readonly way: string;
  readonly links: readonly Link[];
}

/**
 * Loads and attaches programs of the first way that works here, or of the one that is wanted.
 *
 * @throws UsageError for a way that there is not, BpfError with what each of them was refused for.
 */
export async function traceByFirstWay<Loaded extends TracingObject & AsyncDisposable>(
  tool: string,
  ways: TracingWays,
  wanted: string | undefined,
  open: () => Promise<OpenedForTracing<Loaded>>,
): Promise<Tracing<Loaded>> {
  const names = wanted === undefined ? Object.keys(ways) : [requireWay(tool, ways, wanted)];
  const refusals: string[] = [];
  for (const way of names) {
    try {
      return await traceBy(ways, way, await open());
    } catch (error) {
      if (!(error instanceof BpfError)) throw error;
      refusals.push(`by ${way}: ${error.message}`);
    }
  }
  throw new BpfError({
    code: 'ENOTSUP',
    operation: `trace with ${tool}`,
    reason: `no way works here: ${refusals.join('; ')}`,
  });
}

async function traceBy<Loaded extends TracingObject & AsyncDisposable>(
  ways: TracingWays,
  way: string,
  opened: OpenedForTracing<Loaded>,
): Promise<Tracing<Loaded>> {
  const programs = opened.programs as Record<string, { autoload: boolean }>;
  const all = new Set(Object.values(ways).flat());
  for (const name of all)
    (programs[name] as { autoload: boolean }).autoload = ways[way]?.includes(name) ?? false;
  const object = await opened.load();
  try {
    const { links } = await object.attach();
    return { object, way, links: Object.values(links) };
  } catch (error) {
    await object[Symbol.asyncDispose]();
    throw error;
  }
}

function requireWay(tool: string, ways: TracingWays, wanted: string): string {
  if (wanted in ways) return wanted;
  throw new UsageError(tool, `--by takes ${Object.keys(ways).join(', ')}, not ${wanted}`);
}
