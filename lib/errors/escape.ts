/** Escapes text from objects, processes and files before a terminal shows it. */

/**
 * Text that a terminal shows as it is, however it came: names in objects, of processes and of files may hold escape
 * sequences and characters that hide or reorder what stands beside them. They become what JSON writes for them, so that
 * JSON stays the same value. Line ends and tabs stay.
 *
 * @param text - what is no string is taken as `String()` writes it
 */
export function escapeControls(text: unknown): string {
  return String(text).replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

/** {@link escapeControls} of what has to stay on one line: line ends and tabs are escaped too. */
export function escapeLine(text: unknown): string {
  return escapeControls(String(text).replace(/[\n\t]/g, escaped));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Text for an XML document. What XML has no place for, most control characters and halves of surrogate pairs, becomes
 * U+FFFD.
 */
export function escapeXml(text: string): string {
  const whole = text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
  return whole.replace(/[&<>"]/g, sign => entities[sign] ?? '');
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => hexadecimal(character.charCodeAt(at))).join('');
}

function hexadecimal(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
