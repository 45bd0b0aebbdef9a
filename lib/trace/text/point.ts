/** Attach points as text. */

/** At colons outside quotes, whose quotes are taken off. */
export function splitPoint(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|[^:"])+|(?<=:)(?=:|$)/g) ?? [];
  return parts.map(part =>
    part.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1')),
  );
}
