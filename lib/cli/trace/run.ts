/** A script at a terminal: started, read to its end, printed. */

import { Interruption } from '../../command/interruption.js';
import { warn } from '../../command/output.js';
import type { CompiledTrace, Trace, TraceEvent, TraceLoss } from '../../trace/index.js';
import { tracePrinter } from '../../trace/index.js';
import type { Child } from './child.js';
import type { Output } from './output.js';

export interface RunOptions {
  readonly format: 'text' | 'json';
  readonly output: Output;
  readonly pid: number | undefined;
  readonly child: Child | undefined;
  readonly quiet: boolean;
  /** Tells what was lost. */
  readonly warns: boolean;
  /** Leaves out what `warnf` says. */
  readonly silent: boolean;
}

/** @returns the exit code: what the script gave exit(), or 0 */
export async function runScript(compiled: CompiledTrace, options: RunOptions): Promise<number> {
  const { child, format, output, pid, quiet } = options;
  const printer = tracePrinter(format);
  using interruption = new Interruption(undefined);
  await using running = await compiled.start({
    signal: interruption.signal,
    ...(pid !== undefined && { pid }),
  });
  const attached = printer.attached(compiled.probes.length);
  if (!quiet && format === 'json') output.write(attached);
  else if (!quiet) warn(attached);
  child?.go();
  child?.ended.then(() => running.stop());
  await printAll(running, printer, options);
  if (running.lost > 0) reportLoss(running.lost, format, output);
  if (options.warns) for (const each of running.losses) warn(`WARNING: ${lossText(each)}\n`);
  return running.exitCode;
}

type Printer = ReturnType<typeof tracePrinter>;

/** Between what the script says and its maps stands what is between them. */
async function printAll(running: Trace, printer: Printer, { output, silent }: RunOptions): Promise<void> {
  let isAtEnd = false;
  for await (const event of running) {
    if (event.type === 'map' && event.isFinal && !isAtEnd) {
      isAtEnd = true;
      output.write(printer.ending);
    }
    if (event.type !== 'warnf' || !silent) printEvent(event, printer, output);
  }
  if (!isAtEnd) output.write(printer.ending);
}

function printEvent(event: TraceEvent, printer: Printer, output: Output): void {
  if (event.type === 'errorf' || event.type === 'warnf') warn(printer.event(event));
  else output.write(printer.event(event));
}

function reportLoss(lost: number, format: 'text' | 'json', output: Output): void {
  if (format === 'json') output.write(`{"type": "lost_events", "data": {"events": ${lost}}}\n`);
  else warn(`WARNING: Lost ${lost} events\n`);
}

function lossText({ place, count, map, room }: TraceLoss): string {
  if (map === undefined) return `${place}: ${count} of these events were lost`;
  return `${place}: ${count} values found no room in @${map}, which has ${room} (set max_map_keys, or let @${map} = hash(…))`;
}
