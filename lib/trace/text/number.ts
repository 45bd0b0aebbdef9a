/** Integer literals: decimal, octal, hexadecimal, `2e3`, C's suffixes, durations. */

/** How many nanoseconds. */
const durations: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};

const largest = (1n << 64n) - 1n;

/** Its value, or what is wrong with it. */
export function literalNumber(text: string): bigint | string {
  const value = numberOf(text.replaceAll('_', ''));
  if (value === undefined) return `${text} is no number`;
  return value > largest ? `${text} does not fit into 64 bits` : value;
}

function numberOf(text: string): bigint | undefined {
  const [, digits, suffix = ''] = /^(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)([A-Za-z]*)$/.exec(text) ?? [];
  if (digits !== undefined) return suffixed(integer(digits), suffix);
  const [, factor, power] = /^(\d+)[eE](\d{1,2})$/.exec(text) ?? [];
  return factor === undefined ? undefined : BigInt(factor) * 10n ** BigInt(power ?? 0);
}

function integer(digits: string): bigint {
  return BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

function suffixed(value: bigint, suffix: string): bigint | undefined {
  if (/^(?:u?l{0,2}|l{1,2}u)$/i.test(suffix)) return value;
  const duration = Object.hasOwn(durations, suffix) ? durations[suffix] : undefined;
  return duration === undefined ? undefined : value * duration;
}
