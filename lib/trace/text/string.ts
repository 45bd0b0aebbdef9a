/** String literals and their escapes. */

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '\n': '',
};

const coded = /x[\da-fA-F]{1,2}|[0-7]{1,3}/y;

/** What a literal says, and where it ends; or what is wrong. */
export type StringLiteral =
  | { readonly value: string; readonly end: number }
  | { readonly fault: string; readonly end: number };

/** Reads the literal whose opening quote is at that place. */
export function stringLiteral(text: string, start: number): StringLiteral {
  let value = '';
  for (let at = start + 1; at < text.length; ) {
    const letter = text[at] ?? '';
    if (letter === '"') return { value, end: at + 1 };
    if (letter !== '\\') {
      value += letter;
      at++;
      continue;
    }
    const found = readEscape(text, at + 1);
    if (found === undefined) return { fault: `there is no escape \\${text[at + 1] ?? ''}`, end: at + 2 };
    value += found.value;
    at = found.end;
  }
  return { fault: 'a string has no end: a quote is missing', end: Math.min(text.length, start + 1) };
}

function readEscape(text: string, at: number): { value: string; end: number } | undefined {
  coded.lastIndex = at;
  const code = coded.exec(text)?.[0];
  if (code !== undefined) {
    const number = code.startsWith('x') ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
    return { value: String.fromCharCode(number & 0xff), end: at + code.length };
  }
  const value = escapes[text[at] ?? ''];
  return value === undefined ? undefined : { value, end: at + 1 };
}
