/** Text that breaks over lines only where it must. */

/** A piece of code: text, pieces in a row, or a bracketed list that may stand on one line or on many. */
export type Code = string | readonly Code[] | Bracketed;

interface Bracketed {
  readonly open: string;
  readonly items: readonly Code[];
  readonly close: string;
  /** What follows each item. */
  readonly separator: string;
  /** What surrounds the items on one line: a space in braces. */
  readonly pad: string;
  /** True when it always stands on many lines. */
  readonly broken: boolean;
}

const width = 110;

/** `{ a, b }`. */
export function braces(items: readonly Code[], broken = false): Code {
  return { open: '{', items, close: '}', separator: ',', pad: ' ', broken };
}

/** `[a, b]`. */
export function brackets(items: readonly Code[]): Code {
  return { open: '[', items, close: ']', separator: ',', pad: '', broken: false };
}

/** `{ a: number; b: string }`. */
export function typeBraces(items: readonly Code[], broken = false): Code {
  return { open: '{', items, close: '}', separator: ';', pad: ' ', broken };
}

/** `name(a, b)`, whose arguments may stand on lines of their own. */
export function call(name: string, items: readonly Code[]): Code {
  return { open: `${name}(`, items, close: ')', separator: ',', pad: '', broken: false };
}

/** The code as text; the first line starts at column 0. */
export function layOut(code: Code): string {
  return render(code, '', 0, 0);
}

/**
 * @param indent - of the line that it starts on
 * @param column - where it starts
 * @param after - characters that follow on its last line
 */
function render(code: Code, indent: string, column: number, after: number): string {
  if (!hasBroken(code)) {
    const flat = flatten(code);
    if (column + flat.length + after <= width) return flat;
  }
  if (typeof code === 'string') return code;
  return isBracketed(code) ? renderLines(code, indent) : renderRow(code, indent, column, after);
}

function renderRow(row: readonly Code[], indent: string, column: number, after: number): string {
  let text = '';
  row.forEach((code, i) => {
    const line = text.slice(text.lastIndexOf('\n') + 1);
    const start = text.includes('\n') ? line.length : column + line.length;
    text += render(code, indent, start, after + firstLine(row.slice(i + 1)));
  });
  return text;
}

/** Characters up to where the rest could break. */
function firstLine(rest: readonly Code[]): number {
  let length = 0;
  for (const code of rest) {
    if (typeof code !== 'string') return length + (isBracketed(code) ? code.open.length : 0);
    length += code.length;
  }
  return length;
}

function renderLines({ open, items, close, separator }: Bracketed, indent: string): string {
  const deeper = `${indent}  `;
  const lines = items.map(item => `${deeper}${render(item, deeper, deeper.length, 1)}${separator}\n`);
  return `${open}\n${lines.join('')}${indent}${close}`;
}

function flatten(code: Code): string {
  if (typeof code === 'string') return code;
  if (!isBracketed(code)) return code.map(flatten).join('');
  const { open, items, close, separator, pad } = code;
  return items.length === 0
    ? open + close
    : `${open}${pad}${items.map(flatten).join(`${separator} `)}${pad}${close}`;
}

function hasBroken(code: Code): boolean {
  if (typeof code === 'string') return false;
  return isBracketed(code) ? code.broken || code.items.some(hasBroken) : code.some(hasBroken);
}

function isBracketed(code: Code): code is Bracketed {
  return typeof code !== 'string' && 'open' in code;
}
