/** What is not there, by kind: each error names it. Missing options of every kind are a unit test's. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Program } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { sections } from '../../bpf/sections.bpf.js';
import { runScript } from '../../support/child.js';
import { Edited } from '../../support/edited.js';
import type { FeatureName } from '../../support/features.js';
import { thisKernel } from '../../support/kernel.js';
import { need } from '../../support/need.js';
import { loadOnly } from '../../support/only.js';
import type { SectionName } from '../../support/places.js';
import { temporary } from '../../support/temporary.js';

type Refusal = readonly [options: object | undefined, message: RegExp];

interface Row {
  readonly name: SectionName;
  readonly needs: FeatureName;
  readonly refusals: readonly Refusal[];
}

const binary = process.execPath;
const target = { binary, function: 'uv_os_getppid' };
const targets = { binary, functions: ['uv_os_getppid'] };
/** A program with symbols of no size, by which libbpf divides. */
const damaged = (() => {
  const path = temporary('damaged');
  const { bytes } = new Edited(readFileSync('/bin/ls')).header('.dynsym', 'entrySize', 0);
  writeFileSync(path, bytes);
  return path;
})();
const sizeless = /: ERR_BPF_ELF, symbols of 0 bytes in section \d+, 24 expected/;
const probe = { provider: 'shop', name: 'sold' };
/** The highest number of a process is one less. */
const nobody = 4_194_305;
const noProcess = /: ESRCH, there is no process 4194305 \(or it has ended\)$/;
const noFile = /: ENOENT, .*\/no\/such/;
const noInterface = /: ENODEV, there is no interface wire here; there are lo/;
const noFunctions = /: ENOENT, .* does not have these functions, or not all of them: no_such/;

const rows: readonly Row[] = [
  {
    name: 'kprobe',
    needs: 'kprobe',
    refusals: [
      [
        { function: 'no_such' },
        /: ENOENT, this kernel has no function no_such \(\/proc\/kallsyms lists them/,
      ],
      [
        { function: ['no_a', 'no_b.isra.0'] },
        /: ENOENT, this kernel has none of the functions no_a, no_b\.isra\.0 \(/,
      ],
      [{ function: [] }, /: ERR_BPF_ARGUMENT, function is a list without a name$/],
      [{ mode: 'fast' }, /: ERR_BPF_ARGUMENT, there is no mode fast; there are default, legacy, perf, link$/],
    ],
  },
  {
    name: 'ksyscall',
    needs: 'kprobe',
    refusals: [
      [{ syscall: 'no_such_call' }, /: ENOENT, this kernel has no system call no_such_call$/],
      [{ syscall: ['no_a', 'no_b'] }, /: ENOENT, this kernel has none of the system calls no_a, no_b$/],
    ],
  },
  {
    name: 'kprobe_session',
    needs: 'kprobe.session',
    refusals: [[{ functions: ['no_such_function'] }, /no_such_function/]],
  },
  {
    name: 'uprobe',
    needs: 'uprobe',
    refusals: [
      [{ ...target, binary: '/no/such' }, noFile],
      [{ ...target, binary: '/etc/hostname' }, /\/etc\/hostname/],
      [{ ...target, binary: 'no-such-library.so' }, /: ENOENT, .*no-such-library\.so/],
      [{ ...target, function: 'no_such' }, /: ENOENT, .*no_such/],
      [{ ...target, binary: damaged }, sizeless],
      [{ ...target, function: ['no_a', 'no_b'] }, /: ENOENT, .* has none of the functions no_a, no_b$/],
      [{ binary: '/no/such', function: ['no_a', 'no_b'] }, noFile],
      [{ ...target, rootOf: nobody }, /: ENOENT, .*\/proc\/4194305\/root/],
      [{ ...target, pid: nobody }, noProcess],
      [{ ...target, functions: 'x' }, /there is no option functions; .*\(is function meant\?\)/],
      [{ ...target, offset: 1.5 }, /ERR_BPF_ARGUMENT, offset takes bytes from the file's start, not 1\.5/],
    ],
  },
  {
    name: 'uprobe_multi',
    needs: 'uprobe.multi',
    refusals: [
      [{ binary, offsets: [-1] }, /ERR_BPF_ARGUMENT, offsets takes bytes from the file's start, not -1/],
      [{ ...targets, binary: '/no/such' }, noFile],
      [{ ...targets, functions: ['no_such'] }, noFunctions],
      [{ binary, pattern: 'no_such*' }, noFunctions],
      [{ binary: damaged, pattern: 'no_such*' }, sizeless],
      [{ ...targets, pid: nobody }, noProcess],
    ],
  },
  {
    name: 'uprobe_session',
    needs: 'uprobe.session',
    refusals: [[{ ...targets, functions: ['no_such'] }, noFunctions]],
  },
  { name: 'usdt', needs: 'usdt', refusals: [[{ ...probe, binary: '/no/such' }, noFile]] },
  {
    name: 'raw_tp',
    needs: 'raw_tp',
    refusals: [
      [{ name: 'no_such' }, /: ENOENT, this kernel has no raw tracepoint no_such$/],
      [{ name: ['no_a', 'no_b'] }, /: ENOENT, this kernel has none of the raw tracepoints no_a, no_b$/],
    ],
  },
  {
    name: 'tp',
    needs: 'tracepoint',
    refusals: [
      [{ category: 'no', name: 'such' }, /: ENOENT, this kernel has no tracepoint no:such/],
      [{ category: 'no', name: ['a', 'b'] }, /: ENOENT, this kernel has none of the tracepoints no:a, no:b/],
    ],
  },
  {
    name: 'iter_bpf_map_elem',
    needs: 'iter',
    refusals: [
      [undefined, /does not say which map, and neither does the option map/],
      [{ map: { fd: 9999 } }, /: EBADF, there is no map of that descriptor$/],
      [
        { map: 7 },
        /^attach iter_bpf_map_elem: ERR_BPF_ARGUMENT, what map names cannot be opened: .* { id } or { fd }, not 7/,
      ],
    ],
  },
  {
    name: 'iter_cgroup',
    needs: 'iter.cgroup',
    refusals: [
      [undefined, /does not say which cgroup, and neither does the option cgroup/],
      [{ cgroup: '/tmp', order: 'self' }, /: EBADF, .tmp is no cgroup v2 directory/],
      [{ cgroup: '/tmp' }, /does not say in which order, and neither does the option order/],
      [{ cgroup: '/tmp', order: 'sideways' }, /there is no order sideways; there are self, /],
    ],
  },
  {
    name: 'perf_event',
    needs: 'perf_counter',
    refusals: [
      [{ event: 'cpu-clock', pid: nobody }, noProcess],
      [{ event: 'cpu-clock', cpus: [4000] }, /: EINVAL, CPU 4000 is offline or not there$/],
      [
        { event: { tracepoint: 999_999 }, pid: process.pid },
        /runs programs of SEC\("perf_event"\) at no tracepoint \(/,
      ],
      [{ event: { type: 9999, config: 0n }, pid: process.pid }, /does not count such events/],
    ],
  },
  {
    name: 'cgroup_connect4',
    needs: 'cgroup',
    refusals: [
      [{ cgroup: '/no/such' }, /: ENOENT, there is no \/no\/such \(give a cgroup v2 directory/],
      [{ cgroup: '/etc' }, /: EBADF, \/etc is no cgroup v2 directory \(.*that tree is mounted at /],
    ],
  },
  {
    name: 'sk_msg',
    needs: 'sockmap',
    refusals: [[{ map: { fd: 9999 } }, /: EBADF, there is no map of descriptor 9999$/]],
  },
  { name: 'sk_lookup', needs: 'sk_lookup', refusals: [[{ netns: nobody }, /there is no \/proc\/4194305/]] },
  {
    name: 'netfilter',
    needs: 'netfilter',
    refusals: [
      [{ family: 'ipx', hook: 'input', priority: 1 }, /there is no family ipx; there are ipv4, ipv6$/],
      [{ family: 'ipv4', hook: 'in', priority: 1 }, /there is no hook in; there are prerouting, input, /],
      [{ family: 'ipv4', hook: 'input', priority: -(2 ** 31) }, /: ERANGE, -2147483648 is the lowest or /],
    ],
  },
  {
    name: 'tc',
    needs: 'tc',
    refusals: [
      [{ interface: 'wire', direction: 'ingress' }, noInterface],
      [{ interface: 'lo', direction: 'sideways' }, /there is no direction sideways; there are ingress, /],
    ],
  },
  { name: 'tcx_ingress', needs: 'tcx', refusals: [[{ interface: 'wire' }, noInterface]] },
  { name: 'netkit_primary', needs: 'netkit', refusals: [[{ interface: 'wire' }, noInterface]] },
  {
    name: 'xdp',
    needs: 'xdp',
    refusals: [
      [{ interface: 'wire' }, noInterface],
      [{ interface: 'lo', mode: 'fast' }, /there is no mode fast; there are generic, native, offload$/],
      [{ interface: 'lo', mode: 'offload' }, /its driver has no XDP of mode offload/],
    ],
  },
];

describe('what is not there is named', () => {
  it.for(rows)('by $name', async ({ name, needs, refusals }, context) => {
    need(context, needs);
    await using bpf = await loadOnly(sections, [name]);
    const program = bpf.programs[name] as Program;
    for (const [options, message] of refusals) await expect(program.attach(options)).rejects.toThrow(message);
  });

  it('of targets that BTF names', async () => {
    await using opened = await sections.open();
    const { tp_btf, fentry, fexit, fmod_ret, lsm, iter_task } = opened.programs;
    for (const program of [tp_btf, fentry, fexit, fmod_ret, lsm, iter_task]) {
      expect(() => program.setAttachTarget('no_such_target')).toThrow(
        /: ESRCH, the kernel has no no_such_target that SEC\("\w+\/\w+"\) attaches to$/,
      );
      expect(() => program.setAttachTarget(['no_such_target', 'nor_this'])).toThrow(
        /: ESRCH, the kernel has none of no_such_target, nor_this that SEC\("\w+\/\w+"\) attaches to$/,
      );
    }
  });
});

/** In a mount namespace where the kernel seems to run other security modules only. */
const withoutBpf = [
  'unshare',
  '-m',
  'sh',
  '-c',
  'mount -t tmpfs tmpfs /sys/kernel/security && echo yama,lockdown > /sys/kernel/security/lsm && exec "$@"',
  'sh',
];

const attaching = (name: SectionName) => `
import { open } from 'libbpf-ts';
const opened = await open('test/bpf/sections.bpf.o');
opened.programs.${name}.autoload = true;
const bpf = await opened.load();
const attached = bpf.programs.${name}.attach({ cgroup: '/no/such' });
await attached.catch(({ code, message }) => console.log(code, message));
`;

describe('what this machine does not have', () => {
  it('of the counters of a processor', async context => {
    need(context, 'perf_counter');
    await using bpf = await loadOnly(sections, ['perf_event']);
    const attached = bpf.programs.perf_event.attach({ event: 'cycles', pid: process.pid });
    const outcome = await attached.then(
      link => link.via,
      error => error.message,
    );
    expect(outcome).toMatch(/^link$|: (ENOENT|EOPNOTSUPP), this machine does not count cycles \(virtual /);
  });

  it.for(['lsm', 'lsm_cgroup'] as const)('of active security modules: %s', async (name, context) => {
    need(context, name);
    const { stdout, stderr } = await runScript(attaching(name), [], withoutBpf);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^ERR_BPF_NEVER_RUNS attach \w+: .*it would never run: the active security modules are yama, lockdown \(boot with lsm=yama,lockdown,bpf\)/,
    );
  });

  it('of infrared receivers', async () => {
    const [loading, { options }] = [loadOnly(sections, ['lirc_mode2']), thisKernel()];
    if (options?.get('BPF_LIRC_MODE2') === 'n') {
      await expect(loading).rejects.toThrow(
        /lirc_mode2 needs a kernel with CONFIG_BPF_LIRC_MODE2, and this one was built without$/,
      );
    } else {
      await using bpf = await loading;
      const attached = bpf.programs.lirc_mode2.attach({ device: '/dev/no-lirc' });
      await expect(attached).rejects.toThrow(/: ENOENT, there is no \/dev\/no-lirc \(give a device as /);
    }
  });
});
