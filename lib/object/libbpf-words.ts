/** Messages of libbpf about an object: what each means, and what to do. */
import { kernelRelease } from '../host/kernel.js';
import type { Circumstances } from '../native/errno.js';

type Row = readonly [said: RegExp, meant: (name: string) => Circumstances];

/** The messages are those of libbpf.c, of releases from 1.5 on. */
const rows: readonly Row[] = [
  [
    /legacy map definitions in '(\S+)' section are not supported/,
    section => ({
      reason: `it defines maps in SEC("${section}"), as before libbpf 1.0`,
      hint: 'define them as struct { __uint(type, BPF_MAP_TYPE_…); … } name SEC(".maps")',
    }),
  ],
  [
    /map '([^']+)': map type isn't specified/,
    name => ({ reason: `map ${name} has no type`, hint: 'give it: __uint(type, BPF_MAP_TYPE_…)' }),
  ],
  [
    /failed to find BTF for extern '([^']+)'/,
    name => ({
      reason: `nothing says where the extern ${name} comes from`,
      hint: 'declare it __ksym or __kconfig, or link the object that defines it: linkObjects()',
    }),
  ],
  [
    /extern \(var ksym\) '([^']+)': not found in kernel BTF/,
    name => ({ reason: `this kernel has no variable ${name}`, hint: weak }),
  ],
  [
    /extern \(func ksym\) '([^']+)': not found in kernel/,
    name => ({
      reason: `this kernel, with the modules that it has loaded, has no function ${name}`,
      hint: weak,
    }),
  ],
  [
    // bpf_object__read_kconfig_file() looks in these two places alone.
    /failed to open system Kconfig/,
    () => ({
      reason: `libbpf finds no configuration of this kernel: there is neither /boot/config-${kernelRelease} nor /proc/config.gz`,
      hint: "open with kconfig: 'CONFIG_NAME=…' for each option that the object reads",
    }),
  ],
  [
    /extern '(CONFIG_\w+)' \(strong\): not resolved/,
    name => ({
      reason: `the kernel's configuration says nothing of ${name}`,
      hint: `open with kconfig: '${name}=…', or ${weak}`,
    }),
  ],
  [
    /extern '([^']+)' \(strong\): not resolved|extern \(ksym\) '([^']+)'.* not found/,
    name => ({ reason: `this kernel has no symbol ${name}`, hint: weak }),
  ],
];

const weak = 'declare it __weak to do without';

/** What libbpf's log tells of the object; undefined where its words are known to no row. */
export function meaningOf(log: string): Circumstances | undefined {
  for (const [said, meant] of rows) {
    const found = said.exec(log);
    if (found !== null) return meant(found[1] ?? found[2] ?? '');
  }
  return undefined;
}
