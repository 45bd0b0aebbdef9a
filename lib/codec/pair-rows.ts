/** Keys with their values, as a map's slice has them: two runs of bytes, read by one loop. */
import { type Codec, leastOf } from './codec.js';
import { emittable } from './inline.js';
import { Scope } from './scope.js';

/** What is read and from where: values that begin `step` bytes apart. */
export interface Run<T> {
  readonly codec: Codec<T>;
  readonly step: number;
}

/** What a key and its value become. */
export type PairForm = 'pairs' | 'entries';

/** Appends `count` pairs to `all`. */
type AddPairs = (all: unknown[], keys: DataView, values: DataView, count: number) => void;

/** How a key and its value stand in the loop's text. */
const forms: Readonly<Record<PairForm, string>> = { pairs: '[key, value]', entries: '{ key, value }' };

const known = new WeakMap<object, WeakMap<object, Map<string, AddPairs>>>();

/**
 * The loop over two runs, the same one each time, from the beginning of their bytes, which lie at a multiple of eight. It
 * checks no bounds, but that a step has room for a value.
 *
 * @throws BpfError `ERR_BPF_RECORD` where a step has not
 */
export function pairRows<K, V>(key: Run<K>, value: Run<V>, form: PairForm): AddPairs {
  const ofKey = known.get(key.codec) ?? new WeakMap<object, Map<string, AddPairs>>();
  const ofBoth = ofKey.get(value.codec) ?? new Map<string, AddPairs>();
  known.set(key.codec, ofKey.set(value.codec, ofBoth));
  const name = `${key.step} ${value.step} ${form}`;
  const add = ofBoth.get(name) ?? makeLoop(key, value, form);
  ofBoth.set(name, add);
  return add;
}

function makeLoop<K, V>(key: Run<K>, value: Run<V>, form: PairForm): AddPairs {
  for (const { codec, step } of [key, value])
    if (step < leastOf(codec)) codec.read(new DataView(new ArrayBuffer(step)), 0, step);
  const [first, second] = [key, value].map(({ step }, at) => {
    return new Scope({ aligned: step % 8 === 0, kept: true, prefix: 'kv'.charAt(at) });
  }) as [Scope, Scope];
  const body = loopText(key, value, first, second, forms[form]);
  return (first.compile(body, second) as AddPairs | undefined) ?? addSlowly(key, value, form);
}

function loopText(key: Run<unknown>, value: Run<unknown>, first: Scope, second: Scope, pair: string): string {
  const readKey = emittable(key.codec).source(0, `o + ${key.step}`, first);
  const readValue = emittable(value.codec).source(0, `o + ${value.step}`, second);
  return `return (all, keys, values, count) => {
    let u32, u64, s64;
    { const v = keys; ${first.opening} }
    const [ku32, ku64, ks64] = [u32, u64, s64];
    { const v = values; ${second.opening} }
    const [vu32, vu64, vs64] = [u32, u64, s64];
    for (let i = 0; i < count; i++) {
      let key, value;
      { const v = keys, o = i * ${key.step}, u32 = ku32, u64 = ku64, s64 = ks64; key = ${readKey}; }
      { const v = values, o = i * ${value.step}, u32 = vu32, u64 = vu64, s64 = vs64; value = ${readValue}; }
      all.push(${pair});
    }
  };`;
}

/** The same where code generation is off. */
function addSlowly<K, V>(key: Run<K>, value: Run<V>, form: PairForm): AddPairs {
  const at = <T>({ codec, step }: Run<T>, view: DataView, i: number) =>
    emittable(codec).take(view, i * step, (i + 1) * step);
  return (all, keys, values, count) => {
    for (let i = 0; i < count; i++) {
      const [first, second] = [at(key, keys, i), at(value, values, i)];
      all.push(form === 'pairs' ? [first, second] : { key: first, value: second });
    }
  };
}
