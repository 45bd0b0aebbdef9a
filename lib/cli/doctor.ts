/** `libbpf-ts doctor`: what lets BPF work here, and what does not. */

import { command } from '../command/command.js';
import { print } from '../command/output.js';
import type { Feature } from '../doors/features.js';
import { type DoctorReport, doctor as examine } from '../doors/features.js';

export const doctor = command({
  name: 'doctor',
  summary: 'tell what lets BPF work here, and what an object needs',
  usage: '[X.bpf.o]',
  about: [
    'Looks at the rights of this process, the settings, mounts and features of the kernel, and at what an object',
    'needs of them, before it is loaded. Ends with code 1 where an object needs something that is not here.',
  ],
  options: { json: { type: 'boolean', help: 'the whole checkup as JSON' } },
  operands: [0, 1],
  examples: ['doctor', 'doctor execsnoop.bpf.o', 'doctor --json | jq .problems'],
  async run({ options: { json }, operands: [object] }) {
    const checkup = await examine(object);
    print(json ? `${JSON.stringify(checkup, finite, 2)}\n` : textOf(checkup));
    const lacks = [...(checkup.object?.programs ?? []), ...(checkup.object?.maps ?? [])];
    return lacks.some(({ missing }) => missing.length > 0) ? 1 : 0;
  },
});

/** JSON has no infinity. */
function finite(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : value;
}

function textOf(checkup: DoctorReport): string {
  const { settings, rights, mounts, cpus, container, features, object, problems } = checkup;
  const rows: [string, unknown][] = [
    ['kernel', `${settings.release}, ${settings.btf ? 'with' : 'without'} BTF`],
    [
      'rights',
      `uid ${rights.uid}, ${rights.lacking.length ? `without ${rights.lacking.join(', ')}` : 'all'}`,
    ],
    ['namespace', rights.initialUserNamespace ? 'the first user namespace' : 'a user namespace of its own'],
    ['seccomp', rights.seccomp],
    ['container', container ?? 'none'],
    ['lockdown', settings.lockdown ?? 'not known'],
    ['modules', settings.securityModules?.join(', ') ?? 'not known'],
    ['JIT', `${settings.jit ?? 'not known'}, hardening ${settings.jitHardening ?? 'not known'}`],
    [
      'unprivileged',
      `bpf disabled ${settings.unprivilegedBpfDisabled}, perf paranoid ${settings.perfEventParanoid}`,
    ],
    ['memory', `${settings.memory}, memlock ${settings.memlock}`],
    ['bpffs', paths(mounts.bpffs)],
    ['tracefs', paths(mounts.tracefs)],
    ['cgroup v2', paths(mounts.cgroup2)],
    ['CPUs', `${cpus.online.length} of ${cpus.possible.length}`],
    ['programs', counted(features.programTypes)],
    ['maps', counted(features.mapTypes)],
    ['helpers', counted(features.helpers)],
    ['sections', counted(features.sections)],
    ['links', counted(features.linkTypes)],
    ['instructions', counted(features.instructions)],
    ['BTF', `${counted(features.btfKinds)} kinds`],
    ['flags', `${counted(features.mapFlags)} of maps, ${counted(features.programFlags)} of programs`],
    ['kfuncs', features.kfuncs.length || 'not marked'],
  ];
  if (object)
    rows.push(['object', `${object.name}: ${object.programs.length} programs, ${object.maps.length} maps`]);
  const lines = rows.map(([name, value]) => `${name.padEnd(13)} ${value}`);
  const found = problems.map(({ what, remedy }) => `! ${what}\n  ${remedy}`);
  return `${[...lines, '', ...(found.length ? found : ['nothing stands in the way'])].join('\n')}\n`;
}

function paths(mounts: DoctorReport['mounts']['bpffs']): string {
  return (
    mounts.map(({ path, readOnly }) => (readOnly ? `${path} (read-only)` : path)).join(', ') || 'not mounted'
  );
}

function counted(table: Readonly<Record<string, Feature>>): string {
  const answers = Object.values(table).map(({ answer }) => answer);
  const unknown = answers.filter(answer => answer === 'unknown').length;
  const known = `${answers.filter(answer => answer === 'yes').length} of ${answers.length}`;
  return unknown === 0 ? known : `${known}, ${unknown} unknown`;
}
