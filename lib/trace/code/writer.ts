/** Lines of assembler text, each with its place in the script. */
import type { Span } from '../text/script.js';

export interface CodeLine {
  readonly text: string;
  readonly span: Span | undefined;
}

export class CodeWriter {
  readonly lines: CodeLine[] = [];
  span: Span | undefined;
  #labels = 0;

  line(text: string): void {
    this.lines.push({ text, span: this.span });
  }

  newLabel(): string {
    return `L${this.#labels++}`;
  }

  label(name: string): void {
    this.line(`${name}:`);
  }
}
