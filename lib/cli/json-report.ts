/** `run --json`: one JSON value a line, told apart by `type`. */

import { print } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import type { SkippedProgram, TraceLine } from '../index.js';
import type { Report } from './report.js';

/** Lines for programs; complete, unlike the text for people. */
export class JsonReport implements Report {
  attached(programs: readonly string[], skipped: readonly SkippedProgram[]): void {
    line({ type: 'attached', programs, skipped });
  }

  record(ring: string, value: unknown): void {
    line({ type: 'record', ring, value });
  }

  line(program: string, text: string): void {
    line({ type: 'line', program, text });
  }

  printed({ comm, tid, cpu, time, message }: TraceLine): void {
    line({ type: 'printed', comm, tid, cpu, time, message });
  }

  map(name: string, kind: string, entries: Iterable<readonly [key: unknown, value: unknown]>): void {
    line({ type: 'map', name, kind, entries: Array.from(entries, ([key, value]) => ({ key, value })) });
  }

  globals(section: string, variables: object): void {
    line({ type: 'globals', section, variables });
  }
}

function line(value: object): void {
  print(`${JSON.stringify(value, replacer)}\n`);
}
