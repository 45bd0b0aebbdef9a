/** Strings of other programs, made safe for a terminal. */

/** Control characters, and characters that reorder or hide text. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}]/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x1b': '\\e' };

/** Unsafe characters as a shell's `$'…'` writes them. */
export function escaped(text: string): string {
  return text.replace(unsafe, character => short[character] ?? code(character));
}

/** An argument as a shell would want it, so that it can be pasted. */
export function quoted(text: string): string {
  if (/^[\w./:=@%+,-]+$/.test(text)) return text;
  if (text.search(unsafe) < 0) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${escaped(text.replace(/[\\']/g, '\\$&'))}'`;
}

/** The text in at most `width` columns; what is cut ends in `…`. */
export function clipped(text: string, width: number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += columnsOf(character);
    if (used <= width - 1) kept += character;
  }
  return used <= width ? text : `${kept}…`;
}

/** Combining marks take no column; ideographs and emoji take two. */
function columnsOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Emoji_Presentation}]/u.test(
    character,
  )
    ? 2
    : 1;
}

function code(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point < 256 ? `\\x${point.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`;
}
