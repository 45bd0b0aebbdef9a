/** What is missing in a tool's output. */
import type { TracingObject, TracingOptions } from './tracing.js';

/** What a reader of the output must know: what is missing in it. */
export function troubles(
  { globals }: TracingObject,
  how: TracingOptions & { unfinished?: () => number },
): readonly string[] {
  const { bss } = globals as { bss?: { filter_untracked?: bigint } };
  const untracked = bss?.filter_untracked ?? 0n;
  const missed = how.missed?.() ?? 0n;
  const unfinished = how.unfinished?.() ?? 0;
  return [
    ...(missed > 0n ? [`${counted(missed, 'event')} missed, for a map was full`] : []),
    ...(untracked > 0n ? [`${counted(untracked, 'process', 'es')} not followed`] : []),
    ...(unfinished > 0 ? [`${counted(unfinished, 'call')} not ended`] : []),
  ];
}

/** A number with its noun. */
export function counted(number: number | bigint, noun: string, plural = 's'): string {
  return `${number} ${noun}${BigInt(number) === 1n ? '' : plural}`;
}
