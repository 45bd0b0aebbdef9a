/** `config`: the script's settings, as a record. */
import { constant, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { store, textInFrame } from '../lower/store.js';
import type { Settings } from '../settings.js';
import { isScalar, literalType, storageSize, type Type, tupleOffsets } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';

export const config: readonly FunctionRow[] = [
  { name: 'config', takes: [0, 0], type: (_, typing) => recordType(typing), lower: lowerConfig },
  {
    name: 'default_str_length',
    takes: [0, 0],
    type: (_, typing) => literalType(BigInt(typing.settings.max_strlen)),
    lower: (_, lowering) => constant(lowering.program.settings.max_strlen),
  },
];

/** In bpftrace's order, with what it says of settings that change nothing here. */
const fixed: Readonly<Record<string, string | number | boolean>> = {
  cpp_demangle: true,
  lazy_symbolication: true,
  print_maps_on_exit: true,
  use_blazesym: false,
  show_debug_info: false,
  log_size: 1_000_000,
  max_bpf_progs: 0,
  max_cat_bytes: 0,
  max_map_keys: 0,
  max_probes: 0,
  max_strlen: 0,
  on_stack_limit: 32,
  perf_rb_pages: 0,
  str_trunc_trailer: '',
  unstable_import_statement: 'error',
  unstable_tseries: 'warn',
  unstable_typeinfo: 'error',
  unstable_dw_ustack: 'warn',
  missing_probes: '',
  stack_mode: '',
  license: '',
};

function valuesOf(settings: Settings): [name: string, value: string | number | boolean][] {
  const own = settings as unknown as Readonly<Record<string, string | number | boolean>>;
  return Object.entries(fixed).map(([name, value]) => [name, own[name] ?? value]);
}

function typeOfValue(value: string | number | boolean): Type {
  if (typeof value === 'string') return { kind: 'string', size: value.length + 1 };
  return typeof value === 'boolean' ? { kind: 'bool' } : literalType(BigInt(value));
}

function recordType({ settings }: Typing): Type & { kind: 'tuple' } {
  const entries = valuesOf(settings);
  return {
    kind: 'tuple',
    items: entries.map(([, value]) => typeOfValue(value)),
    names: entries.map(([name]) => name),
  };
}

function lowerConfig(_: unknown, lowering: Lowering): Value {
  const type = recordType(lowering.typing);
  const to = lowering.frame(storageSize(type));
  const offsets = tupleOffsets(type);
  for (const [at, [, value]] of valuesOf(lowering.program.settings).entries()) {
    const item = type.items[at];
    if (item === undefined || to.op !== 'frame') continue;
    const place: Value = { op: 'frame', offset: to.offset + (offsets[at] ?? 0) };
    const from = isScalar(item) ? constant(Number(value)) : textInFrame(lowering, String(value));
    store(lowering, place, from, item, item);
  }
  return to;
}
