/** A script's text: places in it, and errors that show them. */
import { argumentError } from '../../errors/arguments.js';
import type { BpfError } from '../../errors/bpf-error.js';
import { escapeLine } from '../../errors/escape.js';

/** A stretch of the text, in UTF-16 units: the end is behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A line and a column, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A script, with the name that errors call it by. */
export class Script {
  readonly name: string;
  readonly text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string, name: string) {
    this.text = text;
    this.name = name;
  }

  /** Where an offset is. */
  place(offset: number): Place {
    const starts = this.#lineStarts();
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** `stdin:1:9-62`: where a stretch begins, and where it ends if that is on the same line. */
  range({ start, end }: Span): string {
    const [from, to] = [this.place(start), this.place(end)];
    return `${this.name}:${from.line}:${from.column}${to.line === from.line ? `-${to.column}` : ''}`;
  }

  /** A line's text, without its end. */
  line(number: number): string {
    const start = this.#lineStarts()[number - 1] ?? this.text.length;
    const end = this.text.indexOf('\n', start);
    return this.text.slice(start, end < 0 ? undefined : end);
  }

  /** The place as text, with what the line says and carets below the stretch. */
  excerpt(span: Span): string {
    const { line, column } = this.place(span.start);
    const text = escapeLine(this.line(line).replaceAll('\t', ' '));
    const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
    return `${text}\n${' '.repeat(column - 1)}${'^'.repeat(width)}`;
  }

  /** An error that says where: line, column, the line itself and a caret below it. */
  error(span: Span, reason: string, hint?: string): BpfError {
    const { line, column } = this.place(span.start);
    const where = `trace ${this.name}:${line}:${column}`;
    return argumentError(where, `${reason}\n${this.excerpt(span)}`, hint);
  }

  #lineStarts(): readonly number[] {
    this.#starts ??= [0, ...Array.from(this.text.matchAll(/\n/g), ({ index }) => index + 1)];
    return this.#starts;
  }
}

/** From the start of one to the end of the other. */
export function spanning(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}
