/** The doctor: what it says of this process and machine, against /proc, capsh and real causes of refusal. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DoctorReport, doctor } from 'libbpf-ts/features';
import { describe, expect, it } from 'vitest';
import { checkout, ended, runScript } from '../support/child.js';
import { PublicCopy } from '../support/public-copy.js';

const examine = `
  import { doctor } from 'libbpf-ts/features';
  const { features, ...checkup } = await doctor();
  console.log(JSON.stringify(checkup));
`;

/** Runs a command under a filter that answers bpf(2) with EPERM. */
const [prctl, bpf] = process.arch === 'arm64' ? [167, 280] : [157, 321];
const withoutBpfCall = [
  'perl',
  '-e',
  `my $code = pack('SCCL' x 4, 0x20, 0, 0, 0, 0x15, 0, 1, ${bpf}, 6, 0, 0, 0x50001, 6, 0, 0, 0x7fff0000);
   my $filter = pack('Sx6P', 4, $code);
   syscall(${prctl}, 22, 2, $filter) == 0 or die "seccomp: $!";
   exec @ARGV`,
];

/** The checkup of a process that something was taken from. */
async function checkupIn(...wrapper: string[]): Promise<Omit<DoctorReport, 'features'>> {
  const { stdout, stderr } = await runScript(examine, [], wrapper);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** Its problems, as one text. */
function problemsOf({ problems }: Pick<DoctorReport, 'problems'>): string {
  return problems.map(({ what, remedy }) => `${what}: ${remedy}`).join('\n');
}

describe('the doctor', () => {
  it('names the capabilities that capsh names', async () => {
    const mask = readFileSync('/proc/self/status', 'utf8').match(/^CapEff:\s*(\w+)/m)?.[1] ?? '';
    const text = execFileSync('capsh', [`--decode=${mask}`], { encoding: 'utf8' });
    const { rights } = await doctor();
    const named = text.trim().split('=')[1]?.toUpperCase().split(',') ?? [];
    expect([...rights.capabilities].sort()).toEqual(named.sort());
    expect(rights.lacking).toEqual([]);
    expect(rights.initialUserNamespace).toBe(true);
  });

  it('reads what the kernel was told', async () => {
    const { settings, cpus, container: _ } = await doctor();
    const setting = (path: string) => Number(readFileSync(`/proc/sys/${path}`, 'utf8'));
    expect(settings.unprivilegedBpfDisabled).toBe(setting('kernel/unprivileged_bpf_disabled'));
    expect(settings.perfEventParanoid).toBe(setting('kernel/perf_event_paranoid'));
    expect(settings.release).toBe(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
    expect(cpus.online.length).toBe(
      Number(execFileSync('getconf', ['_NPROCESSORS_ONLN'], { encoding: 'utf8' })),
    );
  });
});

describe('a process', () => {
  it.each([
    ['CAP_BPF', ['cap_bpf', 'cap_sys_admin']],
    ['CAP_PERFMON', ['cap_perfmon', 'cap_sys_admin']],
    ['CAP_NET_ADMIN', ['cap_net_admin']],
  ])('without %s is told so', async (name, dropped) => {
    const list = dropped.map(capability => `-${capability.replace('cap_', '')}`).join(',');
    const checkup = await checkupIn('setpriv', `--bounding-set=${list}`, `--inh-caps=${list}`);
    expect(checkup.rights.lacking).toEqual([name]);
    expect(checkup.rights.capabilities).not.toContain(name);
    expect(problemsOf(checkup)).toContain(`lacks ${name}`);
  });

  it('in a user namespace is told that its capabilities do not reach the kernel', async () => {
    const checkup = await checkupIn('unshare', '--user', '--map-root-user');
    expect(checkup.rights.initialUserNamespace).toBe(false);
    expect(problemsOf(checkup)).toMatch(/user namespace of its own.*\n?.*BPF token/);
  });

  it('under a seccomp filter is told so', async () => {
    const checkup = await checkupIn(...withoutBpfCall);
    expect(checkup.rights).toMatchObject({ seccomp: 'filter', lacking: [] });
    expect(problemsOf(checkup)).toMatch(/seccomp filter.*let it pass bpf/);
  });

  it('that can gain no privilege is told so', async () => {
    expect((await checkupIn('setpriv', '--no-new-privs')).rights.noNewPrivileges).toBe(true);
    expect((await checkupIn('env')).rights.noNewPrivileges).toBe(false);
  });

  it('whose node has capabilities of its own file is told so, and of ambient ones not', async () => {
    using library = new PublicCopy();
    const node = join(library.path, 'node');
    copyFileSync(process.execPath, node);
    execFileSync('setcap', ['cap_bpf,cap_perfmon+ep', node]);
    const script = examine.replace("'libbpf-ts/features'", `'${library.path}/dist/doors/features.js'`);
    const args = ['--input-type=module', '-e', script];
    const { stdout } = await ended(node, args, { cwd: '/', uid: 65534, gid: 65534 });
    const checkup: DoctorReport = JSON.parse(stdout);
    expect(checkup.rights).toMatchObject({ capabilities: ['CAP_PERFMON', 'CAP_BPF'], fromFile: true });
    expect(problemsOf(checkup)).toMatch(/NODE_OPTIONS.*AmbientCapabilities=/);
    const ambient = [
      '--reuid=65534',
      '--inh-caps=+bpf,+perfmon',
      '--ambient-caps=+bpf,+perfmon',
      process.execPath,
    ];
    const { stdout: other } = await ended('setpriv', [...ambient, ...args], { cwd: '/' });
    expect(JSON.parse(other).rights).toMatchObject({
      capabilities: ['CAP_PERFMON', 'CAP_BPF'],
      fromFile: false,
    });
  });

  it('without mounts is told what to mount', async () => {
    const unmount =
      'for t in bpf tracefs cgroup2 securityfs; do umount -a -t $t; done 2>/dev/null; exec "$@"';
    const umount = `umount -l /sys/kernel/tracing /sys/kernel/debug 2>/dev/null; ${unmount}`;
    const checkup = await checkupIn('unshare', '-m', 'sh', '-c', umount, 'sh');
    expect(checkup.mounts.bpffs).toEqual([]);
    expect(problemsOf(checkup)).toContain('mount -t bpf bpf /sys/fs/bpf');
    expect(problemsOf(checkup)).toContain('mount -t tracefs tracefs /sys/kernel/tracing');
  });

  it('with a read-only bpffs is told so', async () => {
    const remount = 'umount -a -t bpf 2>/dev/null; mount -t bpf -o ro bpf /mnt && exec "$@"';
    const checkup = await checkupIn('unshare', '-m', 'sh', '-c', remount, 'sh');
    expect(checkup.mounts.bpffs).toMatchObject([{ path: '/mnt', readOnly: true }]);
    expect(problemsOf(checkup)).toContain('read-only');
  });
});

describe('an EPERM', () => {
  const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;
  const script = `
    import { load } from 'libbpf-ts';
    await load(${JSON.stringify(object)}).catch(error => console.log(error.code, error.hint));
  `;

  it('carries what explains it', async () => {
    const dropped = await runScript(script, [], ['setpriv', '--inh-caps=-all', '--bounding-set=-all']);
    expect(dropped.stdout).toMatch(/^EPERM .*this process lacks CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN/);
    const filtered = await runScript(script, [], withoutBpfCall);
    expect(filtered.stdout).toMatch(/^EPERM .*a seccomp filter watches it/);
  });

  it('carries the user namespace', async () => {
    const inside = await runScript(script, [], ['unshare', '--user', '--map-root-user']);
    expect(inside.stdout).toMatch(/^EPERM .*user namespace of its own/);
  });
});

describe('a read-only bpffs', () => {
  it('is told of by what would be pinned there', async () => {
    const script = `
      import { createMap, load, loadOrAdopt, open } from 'libbpf-ts';
import { map, u32 } from 'libbpf-ts/codec';
      const file = ${JSON.stringify(new URL('../bpf/probe.bpf.o', import.meta.url).pathname)};
      const tell = error => console.log(error.message);
      const counts = await createMap(map('array', u32, u32), { maxEntries: 1 });
      await counts.pin('/mnt/counts').catch(tell);
      const bpf = await load(file);
      const link = await bpf.programs.entered.attach();
      await link.pin('/mnt/link').catch(tell);
      await loadOrAdopt(await open(file), { folder: '/mnt/probe' }).catch(tell);
      await bpf.close();
      await counts.close();
    `;
    const remount = 'umount -a -t bpf 2>/dev/null; mount -t bpf -o ro bpf /mnt && exec "$@"';
    const { stdout, stderr } = await runScript(script, [], ['unshare', '-m', 'sh', '-c', remount, 'sh']);
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/EROFS, \/mnt(\/probe)?\S* is mounted read-only \(mount -o remount,rw/);
  });
});

describe('an object', () => {
  const object = (name: string) => new URL(`../bpf/${name}.bpf.o`, import.meta.url).pathname;

  it('is told what it needs', async () => {
    const { object: needs } = await doctor(object('rejected/bounds'));
    expect(needs?.programs.find(({ name }) => name === 'behind_reservation')).toEqual({
      name: 'behind_reservation',
      section: 'raw_tp/sys_enter',
      capabilities: ['CAP_BPF', 'CAP_PERFMON'],
      helpers: ['bpf_ringbuf_reserve', 'bpf_ringbuf_submit'],
      missing: [],
    });
    const maps = needs?.maps.map(({ name, kind }) => `${name} ${kind}`);
    expect(maps).toEqual(['table array', 'events ringbuf', 'written array']);
  });

  it('is told what is missing, before it is loaded', async () => {
    const checkup = await doctor(object('rejected/kernel'));
    expect(problemsOf(checkup)).toContain('bpf_no_such_kfunc');
  });

  it('is shown on the command line, and as JSON', async () => {
    const run = (...args: string[]) =>
      ended(process.execPath, ['dist/cli/main.js', 'doctor', ...args], { cwd: checkout });
    const text = await run(object('probe'));
    expect({ code: text.code, stderr: text.stderr }).toEqual({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^kernel +\d.*\n[\s\S]*^object +probe: 2 programs, 5 maps$/m);
    const json = JSON.parse((await run('--json')).stdout);
    expect(Object.keys(json.features.programTypes)).toContain('xdp');
  });
});
