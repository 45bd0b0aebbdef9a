/** Bytes of a struct that no member writes whole: they are cleared before it is written. */

/** Fills bytes with zero. */
export function clear(view: DataView, offset: number, length: number): void {
  new Uint8Array(view.buffer, view.byteOffset + offset, length).fill(0);
}

/** Bytes from `from` up to `to`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What these spans leave of `size` bytes. */
export function gaps(spans: readonly Span[], size: number): readonly Span[] {
  const found: Span[] = [];
  let reach = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from > reach) found.push({ from: reach, to: from });
    reach = Math.max(reach, to);
  }
  return reach < size ? [...found, { from: reach, to: size }] : found;
}

const steps = [
  [8, 'setBigUint64', '0n'],
  [4, 'setUint32', '0'],
  [2, 'setUint16', '0'],
  [1, 'setUint8', '0'],
] as const;

/** Longer gaps are cleared by a call. */
const longestInline = 40;

/** Statements that clear bytes of the DataView `v`, counted from `o`. */
export function clearSource({ from, to }: Span, call: () => string): string {
  if (to - from > longestInline) return `${call()}(v, o + ${from}, ${to - from});`;
  let text = '';
  for (let at = from; at < to; ) {
    const [size, method, zero] = steps.find(([length]) => at + length <= to) ?? steps[3];
    text += `v.${method}(o + ${at}, ${zero}); `;
    at += size;
  }
  return text;
}
