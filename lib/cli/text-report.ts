/** `run` for people: a line for each record, its members aligned; maps and variables at the end. */

import { print, warn } from '../command/output.js';
import type { SkippedProgram, TraceLine } from '../index.js';
import { escapeLine } from '../index.js';
import type { Report } from './report.js';
import { isEmpty, shown } from './shown.js';

/** Wider members do not move the columns behind them. */
const widest = 32;

/** Text lines. What is no data, as which programs are attached, goes to standard error. */
export class TextReport implements Report {
  readonly #widths = new Map<string, number>();
  #rings = new Set<string>();

  attached(programs: readonly string[], skipped: readonly SkippedProgram[]): void {
    for (const { program, reason } of skipped) warn(`${escapeLine(program)} is not attached: ${reason}\n`);
    warn(`attached: ${escapeLine(programs.join(', ')) || 'nothing'}; Ctrl-C ends\n`);
  }

  record(ring: string, value: unknown): void {
    this.#rings.add(ring);
    const prefix = this.#rings.size > 1 ? `${ring}: ` : '';
    print(`${escapeLine(`${prefix}${isStruct(value) ? this.#members(ring, value) : shown(value)}`)}\n`);
  }

  line(_program: string, text: string): void {
    print(`${escapeLine(text)}\n`);
  }

  printed({ comm, tid, message }: TraceLine): void {
    print(`${escapeLine(`${comm}-${tid}: ${message}`)}\n`);
  }

  map(name: string, kind: string, entries: Iterable<readonly [key: unknown, value: unknown]>): void {
    const filled = [...entries].filter(([, value]) => !isEmpty(value));
    print(`\n${escapeLine(name)} (${kind})${filled.length === 0 ? ': empty' : ''}\n`);
    for (const [key, value] of filled) print(`  ${shown(key)} = ${clipped(shown(value))}\n`);
  }

  globals(section: string, variables: object): void {
    print(`\n.${escapeLine(section)}\n`);
    for (const [name, value] of Object.entries(variables))
      print(`  ${escapeLine(name)} = ${clipped(shown(value))}\n`);
  }

  #members(ring: string, struct: object): string {
    const members = Object.entries(struct).map(([name, value]) => [name, `${name}=${shown(value)}`] as const);
    return members
      .map(([name, text]) => this.#padded(`${ring} ${name}`, text))
      .join(' ')
      .trimEnd();
  }

  /** A column grows with what it has shown. */
  #padded(column: string, text: string): string {
    const width = Math.min(widest, Math.max(this.#widths.get(column) ?? 0, text.length));
    this.#widths.set(column, width);
    return text.padEnd(width);
  }
}

function isStruct(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** Values can be kilobytes; `--json` has all of them. */
function clipped(text: string): string {
  const width = process.stdout.columns ?? 160;
  return text.length > width ? `${text.slice(0, width)}…` : text;
}
