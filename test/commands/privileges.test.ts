/** The least that is needed: a few capabilities, a token, or nothing at all once somebody else has loaded. */
import { chmodSync } from 'node:fs';
import { createMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { ended, runScript } from '../support/child.js';
import { delegation } from '../support/delegation.js';
import { getppid } from '../support/getppid.js';
import { PublicCopy } from '../support/public-copy.js';

const object = (name: string) => new URL(`../bpf/${name}.bpf.o`, import.meta.url).pathname;

/** Runs with some capabilities and nothing else: root's user, which then means nothing. */
function only(...capabilities: readonly string[]): string[] {
  const set = ['-all', ...capabilities.map(name => `+${name}`)].join(',');
  const bits = '--securebits=+noroot,+noroot_locked';
  return [
    'setpriv',
    `--bounding-set=${set}`,
    `--inh-caps=${set}`,
    `--ambient-caps=${set}`,
    bits,
    '--no-new-privs',
  ];
}

const effective = `(await import('node:fs')).readFileSync('/proc/self/status', 'utf8').match(/CapEff:\\s*(\\w+)/)[1]`;

/** Counts three calls of its own and reads what the program says of them; leaves the network program out. */
const traces = (options = '') => `
  import { open } from 'libbpf-ts';
  const globals = { rodata: { target_pid: process.pid, watched: ${getppid}n } };
  const opened = await open(${JSON.stringify(object('probe'))}, globals${options});
  opened.programs.passed.autoload = false;
  const bpf = await opened.load();
  await bpf.attach();
  for (let call = 0; call < 3; call++) void process.ppid;
  console.log(bpf.globals.bss.seen, bpf.maps.events.drain().length, [...bpf.maps.counts].length > 0);
  await bpf.close();
`;

describe('with capabilities alone', () => {
  it('CAP_BPF and CAP_PERFMON trace', async () => {
    const script = `${traces()} console.log(${effective});`;
    const { stdout, stderr } = await runScript(script, [], only('bpf', 'perfmon'));
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^3n 3 true\n000000c000000000\n$/);
  });

  it('CAP_BPF and CAP_NET_ADMIN see packets', async () => {
    const script = `
      import { open } from 'libbpf-ts';
      const opened = await open(${JSON.stringify(object('probe'))});
      opened.programs.entered.autoload = false;
      const bpf = await opened.load();
      const link = await bpf.programs.passed.attach({ interface: 'lo' });
      console.log(link.info.type, link.info.ifindex, ${effective});
      await bpf.close();`;
    const wrapper = ['unshare', '--net', ...only('bpf', 'net_admin')];
    const { stdout, stderr } = await runScript(script, [], wrapper);
    expect({ stdout, stderr }).toEqual({ stdout: 'xdp 1 0000008000001000\n', stderr: '' });
  });

  it.each([
    ['bpf', 'entered', 'raw_tp/sys_enter', 'CAP_BPF and CAP_PERFMON; this process lacks CAP_PERFMON'],
    ['bpf', 'passed', 'xdp', 'CAP_BPF and CAP_NET_ADMIN; this process lacks CAP_NET_ADMIN'],
  ])('%s alone is told what else %s takes', async (capability, name, section, takes) => {
    const script = `
      import { open } from 'libbpf-ts';
      const opened = await open(${JSON.stringify(object('probe'))});
      for (const program of Object.values(opened.programs)) program.autoload = program.name === '${name}';
      await opened.load().catch(error => console.log(error.message));`;
    const { stdout } = await runScript(script, [], only(capability));
    expect(stdout).toContain(`SEC("${section}") takes ${takes})`);
    expect(stdout).not.toMatch(/ulimit|MEMLOCK/);
  });
});

describe('opening by id', () => {
  it('takes one capability more, which every call names', async () => {
    const script = `
      import { openMap, openLink } from 'libbpf-ts';
import { btfs, links, maps, openBtf } from 'libbpf-ts/inspect';
      const first = async list => { for await (const each of list) return each; };
      const calls = [
        () => first(links()),
        () => first(maps()),
        () => first(btfs()),
        () => openBtf({ id: 1 }),
        () => openLink({ id: 1 }),
        () => openMap({ id: 1 }),
      ];
      for (const call of calls) await call().catch(error => console.log(error.message));`;
    const { stdout, stderr } = await runScript(script, [], only('bpf', 'perfmon', 'net_admin'));
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(6);
    for (const line of lines)
      expect(line).toMatch(
        /: EPERM, operation not permitted \(opening by id takes CAP_SYS_ADMIN; this process lacks CAP_SYS_ADMIN/,
      );
  });
});

describe('without any capability', () => {
  const description = `map('hash', u32, u64)`;

  it('another user reads what a privileged process has pinned', async () => {
    using files = new BpfFileSystem();
    using library = new PublicCopy();
    const path = `${files.path}/counts`;
    using counts = createMapSync(map('hash', u32, u64), { maxEntries: 8 });
    counts.set(1, 42n);
    counts.pinSync(path);
    chmodSync(files.path, 0o755);
    const reader = (access: string) => `
      import { openMap } from '${library.path}/dist/index.js';
      import { map, u32, u64 } from '${library.path}/dist/doors/codec.js';
      const counts = await openMap('${path}', ${description}, ${access}).catch(error => console.log(error.message));
      if (counts) {
        console.log(process.getuid(), ${effective}, counts.get(1), [...counts].length);
        try { counts.set(1, 1n); console.log('written'); } catch (error) { console.log(error.message); }
      }`;
    const nobody = (access: string) =>
      ended(process.execPath, ['--input-type=module', '-e', reader(access)], {
        cwd: library.path,
        uid: 65534,
        gid: 65534,
      });
    const refused = await nobody("{ access: 'read' }");
    expect(refused.stdout).toMatch(
      /^open the map pinned to .*: EACCES, the mode of .*counts .*does not let this user/,
    );
    chmodSync(path, 0o644);
    const { stdout, stderr } = await nobody("{ access: 'read' }");
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^65534 0000000000000000 42n 1\nupdate map .*: EPERM.*read-only/);
    expect((await nobody('{}')).stdout).toContain('EACCES');
    expect(counts.get(1)).toBe(42n);
  });

  it('a process that dropped its rights after load goes on', async () => {
    const script = `
      import { load } from 'libbpf-ts';
      const globals = { rodata: { target_pid: process.pid, watched: ${getppid}n } };
      const bpf = await load(${JSON.stringify(object('probe'))}, globals);
      await bpf.attach();
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
      for (let call = 0; call < 3; call++) void process.ppid;
      console.log(${effective}, bpf.globals.bss.seen);
      let events = 0;
      for await (const event of bpf.maps.events) if (++events === 3) break;
      bpf.maps.counts.set(7, 7n);
      console.log(events, bpf.maps.counts.get(7));
      await bpf.close();`;
    const { stdout, stderr } = await runScript(script);
    expect({ stdout, stderr }).toEqual({ stdout: '0000000000000000 3n\n3 7n\n', stderr: '' });
  });
});

describe('in a user namespace of its own', () => {
  /** Runs where a BPF file system at /mnt delegates everything. */
  const delegated = (script: string) => runScript(script, [], ['python3', '-c', delegation, '/mnt']);

  it('a token is all that is needed', async () => {
    const { stdout, stderr } = await delegated(traces(`, { token: '/mnt' }`));
    expect({ stdout, stderr }).toEqual({ stdout: '3n 3 true\n', stderr: '' });
  });

  it('who has no token is told where to have one', async () => {
    const { stdout } = await delegated(`
      import { load } from 'libbpf-ts';
import { doctor } from 'libbpf-ts/features';
      for (const token of [undefined, false])
        await load(${JSON.stringify(object('probe'))}, {}, { token }).catch(error => console.log(error.message));
      const { problems, features } = await doctor();
      console.log(problems.map(({ remedy }) => remedy).join());
      console.log(features.programTypes.xdp.answer);`);
    const [first, second, third, fourth] = stdout.split('\n');
    expect(fourth).toBe('yes');
    expect(first).toMatch(
      /^load probe: EPERM, the kernel refuses this process even the smallest program \(.*token: '\/mnt'/,
    );
    expect(second).toBe(first);
    expect(third).toContain("token: '/mnt'");
  });

  it('a folder that is no bpffs is refused', async () => {
    const { stdout } = await delegated(`
      import { load } from 'libbpf-ts';
      for (const token of ['/proc', '/nowhere'])
        await load(${JSON.stringify(object('probe'))}, {}, { token }).catch(error => console.log(error.message));`);
    const [first, second] = stdout.split('\n');
    expect(first).toMatch(
      /^load probe: EINVAL, .*BPF token from '\/proc'.* \(a token comes from a BPF file system/,
    );
    expect(second).toMatch(/^load probe: ENOENT, .*'\/nowhere'.* \(a token comes from/);
  });
});
