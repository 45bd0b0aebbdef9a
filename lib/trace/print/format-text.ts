/** Format strings of `printf` and its like, taken apart. */

/** Text as it is, or a value: flags, width, precision and letter as C has them, and bpftrace's `r`. */
export type FormatPart =
  | string
  | {
      readonly flags: string;
      readonly width: number;
      readonly precision?: number;
      readonly length: string;
      readonly letter: string;
    };

const conversion = /%(%|([-+ #0']*)(\d*)(?:\.(\d+))?(hh|h|ll|l|j|z|t)?(rh|rx|gr|[diuoxXcspr]))/y;

/** Its parts, or what is wrong with it. */
export function parseFormat(text: string): readonly FormatPart[] | string {
  const parts: FormatPart[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '%') {
      plain += text[at++];
      continue;
    }
    conversion.lastIndex = at;
    const found = conversion.exec(text);
    if (found === null) return `the format ${JSON.stringify(text.slice(at, at + 6))} is not known`;
    at = conversion.lastIndex;
    if (found[1] === '%') {
      plain += '%';
      continue;
    }
    if (plain !== '') parts.push(plain);
    plain = '';
    const [, , flags = '', width = '', precision, length = '', letter = ''] = found;
    parts.push({
      flags,
      width: Number(width),
      ...(precision !== undefined && { precision: Number(precision) }),
      length,
      letter,
    });
  }
  return plain === '' ? parts : [...parts, plain];
}

/** How many bits of a number a conversion prints. */
export function bitsPrinted(letter: string, length: string): number {
  if (letter === 'p') return 64;
  return { hh: 8, h: 16, l: 64, ll: 64, j: 64, z: 64, t: 64 }[length] ?? 32;
}
