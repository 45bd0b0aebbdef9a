/** What the command line gives a script: `$1`, `$#`, `getopt("name", 5)`. */
import { splitPoint } from '../text/point.js';
import type { Script } from '../text/script.js';
import type { AttachPoint, CallExpression, Expression, Literal, ParameterExpression } from '../tree/tree.js';

/** Values behind the script's name. */
export interface ScriptArguments {
  readonly positional: readonly (string | bigint | boolean)[];
  /** The same as they were written. */
  readonly words?: readonly string[];
  /** Of `--name=value`; of `--name` alone `true`. */
  readonly named: Readonly<Record<string, string | true>>;
}

export function parameterValue(
  { number, start, end }: ParameterExpression,
  { positional }: ScriptArguments,
): Literal {
  const literal = (value: bigint | string | boolean): Literal => ({ kind: 'literal', value, start, end });
  if (number === 0) return literal(BigInt(positional.length));
  return literal(positional[number - 1] ?? 0n);
}

/** Arguments of the command line: a word that reads as a number is one, others are text. */
export function parseParameters(words: readonly string[]): ScriptArguments {
  const options = words.filter(word => word.startsWith('--'));
  const named = options.map(word => {
    const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    return [name, value ?? true] as const;
  });
  const others = words.filter(word => !word.startsWith('--'));
  const positional = others.map(word => integerOf(word) ?? word);
  return { positional, words: others, named: Object.fromEntries(named) };
}

/** What `str()` makes of a parameter: its text, from a letter on in `str($1 + 1)`; undefined of all else. */
export function parameterText(
  given: Expression | undefined,
  { positional, words }: ScriptArguments,
): string | undefined {
  if (given?.kind === 'parameter' && given.number > 0)
    return words?.[given.number - 1] ?? String(positional[given.number - 1] ?? '');
  if (given?.kind !== 'binary' || given.operator !== '+' || given.right.kind !== 'literal') return undefined;
  return parameterText(given.left, { positional, named: {}, ...(words && { words }) })?.slice(
    Number(given.right.value),
  );
}

/** Parameters within an attach point stand for a part of it, or some of one. */
export function fillPoint(point: AttachPoint, { positional }: ScriptArguments): AttachPoint {
  const fill = (text: string) =>
    text.replace(/\$(\d+)/g, (_, number: string) => String(positional[Number(number) - 1] ?? ''));
  const [provider = '', ...parts] = point.provider.includes('$')
    ? splitPoint(fill(point.text))
    : [point.provider, ...point.parts.map(fill)];
  return { ...point, provider, parts, text: fill(point.text) };
}

/** As C writes numbers: a leading 0 makes them octal. */
function integerOf(text: string): bigint | undefined {
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^-?(?:0x[\da-f]+|\d+)$/i.test(text)
    ? BigInt(text.replace(/^-/, '')) * (text.startsWith('-') ? -1n : 1n)
    : undefined;
}

/** @throws BpfError where it is called with something else than literals, or the option does not fit its default */
export function optionValue(call: CallExpression, given: ScriptArguments, script: Script): Literal {
  const [name, byDefault] = call.arguments.map(each =>
    each.kind === 'literal' ? each.value : negative(each),
  );
  if (typeof name !== 'string') throw script.error(call, "getopt takes an option's name in quotes");
  const text = given.named[name];
  const value = text === undefined ? (byDefault ?? false) : optionOf(text, byDefault);
  if (value !== undefined) return { kind: 'literal', value, start: call.start, end: call.end };
  const wanted = typeof byDefault === 'bigint' ? 'a number' : 'true or false';
  throw script.error(call, `--${name} is ${wanted}, not ${JSON.stringify(text)}`);
}

function negative(value: Expression): bigint | undefined {
  if (value.kind !== 'unary' || value.operator !== '-' || value.operand.kind !== 'literal') return undefined;
  return typeof value.operand.value === 'bigint' ? -value.operand.value : undefined;
}

function optionOf(text: string | true, byDefault: bigint | string | boolean | undefined) {
  if (typeof byDefault === 'string') return text === true ? '' : text;
  if (typeof byDefault === 'bigint') return text === true ? undefined : integerOf(text);
  if (text === true || /^(?:true|1)$/i.test(text)) return true;
  return /^(?:false|0)$/i.test(text) ? false : undefined;
}
