/** Settings of a script: its `config` block, and the environment's, which comes before it. */
import { meant } from '../errors/nearest.js';
import type { Script } from './text/script.js';
import type { Setting } from './tree/tree.js';
import type { StackMode } from './types/type.js';

/** Settings that have an effect here. */
export interface Settings {
  readonly max_strlen: number;
  readonly max_map_keys: number;
  readonly max_probes: number;
  readonly max_bpf_progs: number;
  readonly max_cat_bytes: number;
  readonly stack_mode: StackMode;
  readonly str_trunc_trailer: string;
  readonly print_maps_on_exit: boolean;
  readonly missing_probes: 'error' | 'warn' | 'ignore';
  readonly license: string;
}

const defaults: Settings = {
  max_strlen: 1024,
  max_map_keys: 4096,
  max_probes: 1024,
  max_bpf_progs: 1024,
  max_cat_bytes: 10240,
  stack_mode: 'bpftrace',
  str_trunc_trailer: '..',
  print_maps_on_exit: true,
  missing_probes: 'error',
  license: 'GPL',
};

/** Those that bpftrace has and that change nothing here. */
const without = [
  ...[
    'cache_user_symbols',
    'cpp_demangle',
    'lazy_symbolication',
    'log_size',
    'on_stack_limit',
    'perf_rb_pages',
  ],
  ...['show_debug_info', 'unstable_tseries', 'unstable_dw_ustack', 'unstable_map_decl', 'unstable_import'],
  ...[
    'unstable_macro',
    'unstable_addr',
    'unstable_typeinfo',
    'use_blazesym',
    'max_ast_nodes',
    'symbol_source',
  ],
];

const words: Readonly<Record<string, readonly string[]>> = {
  stack_mode: ['bpftrace', 'perf', 'raw', 'build_id'],
  missing_probes: ['error', 'warn', 'ignore'],
};

/** @throws BpfError for a name or a value that is not known */
export function settingsOf(
  given: readonly Setting[],
  script: Script,
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const found: Record<string, unknown> = { ...defaults };
  for (const setting of given) {
    const name = setting.name.toLowerCase().replace(/^bpftrace_/, '');
    if (without.includes(name)) continue;
    if (!Object.hasOwn(defaults, name))
      throw script.error(setting, `there is no setting ${name}`, meant(name, Object.keys(defaults)));
    const value = settingValue(name, setting.value);
    if (value === undefined) throw script.error(setting, `${name} cannot be ${setting.value}`);
    found[name] = value;
  }
  for (const name of Object.keys(defaults)) {
    const text = environment[`BPFTRACE_${name.toUpperCase()}`];
    if (text !== undefined) found[name] = settingValue(name, text) ?? found[name];
  }
  return found as unknown as Settings;
}

function settingValue(name: string, value: bigint | string | boolean): unknown {
  const known = defaults[name as keyof Settings];
  if (typeof known === 'number') return /^\d+$/.test(String(value)) ? Number(value) : undefined;
  if (typeof known === 'boolean') return { 1: true, 0: false, true: true, false: false }[String(value)];
  if (Object.hasOwn(words, name) && !words[name]?.includes(String(value))) return undefined;
  return String(value);
}
