/** What a script says, written as bpftrace writes it. */
import { requireWord } from '../../errors/arguments.js';
import type { TraceEvent } from '../run/events.js';
import { jsonPrinter, type Printer, textPrinter } from './printer.js';

/** Writes events as lines. */
export interface TracePrinter {
  readonly event: (event: TraceEvent) => string;
  /** What is said once probes are attached. */
  readonly attached: (probes: number) => string;
  /** What stands before the maps at the script's end. */
  readonly ending: string;
}

/**
 * The way that bpftrace writes events: text, or JSON, a value a line.
 *
 * @example
 * ```ts
 * const printer = tracePrinter('json');
 * await using running = await trace`begin { print(5); }`;
 * for await (const event of running) process.stdout.write(printer.event(event)); // {"type": "value", "data": 5}
 * ```
 */
export function tracePrinter(format: 'text' | 'json'): TracePrinter {
  requireWord('print a trace', 'format', format, ['text', 'json']);
  const printer = format === 'json' ? jsonPrinter : textPrinter;
  const { attached, ending } = printer;
  return { attached, ending, event: event => eventText(event, printer) };
}

const labels = { errorf: 'ERROR', warnf: 'WARNING' } as const;

function eventText(event: TraceEvent, printer: Printer): string {
  switch (event.type) {
    case 'map':
      return printer.map(event.name, event.valueType, event.elements);
    case 'value':
      return printer.value(event.raw);
    case 'errorf':
    case 'warnf':
      return `${event.place}: ${labels[event.type]}: ${event.text}\n`;
    default:
      return printer.text(event.type, event.text);
  }
}
