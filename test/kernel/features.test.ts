/** What the kernel has, as the library tells it: equal to bpftool where both know, and to the versions in the tables. */
import { type Feature, features, featuresSync, probeHelper, probeKfuncSync } from 'libbpf-ts/features';
import { beforeAll, describe, expect, it } from 'vitest';
import { isOlderThan } from '../../lib/host/kernel.js';
import { bpftool, runScript } from '../support/child.js';

type Have = Readonly<Record<string, boolean>>;
let theirs: {
  program_types: Have;
  map_types: Have;
  misc: Have;
  helpers: Readonly<Record<string, readonly string[]>>;
};
let ours: Awaited<ReturnType<typeof features>>;

beforeAll(async () => {
  theirs = bpftool('feature', 'probe', 'kernel') as typeof theirs;
  ours = await features();
});

/** Those that both know, as `name: yes`. */
function common(mine: Readonly<Record<string, Feature>>, have: Have, ending: string) {
  const names = Object.keys(mine).filter(
    name => mine[name]?.answer !== 'unknown' && `have_${name}${ending}` in have,
  );
  return {
    names,
    mine: names.map(name => `${name}: ${mine[name]?.answer}`),
    bpftool: names.map(name => `${name}: ${have[`have_${name}${ending}`] ? 'yes' : 'no'}`),
  };
}

describe('the report', () => {
  it('has the program types that bpftool finds', () => {
    const both = common(ours.programTypes, theirs.program_types, '_prog_type');
    expect(both.mine).toEqual(both.bpftool);
    expect(both.names.length).toBeGreaterThan(25);
  });

  it('has the map types that bpftool finds', () => {
    const both = common(ours.mapTypes, theirs.map_types, '_map_type');
    expect(both.mine).toEqual(both.bpftool);
    expect(both.names.length).toBeGreaterThan(25);
  });

  it('has the instructions that bpftool finds', () => {
    const { instructions } = ours;
    const mine = Object.entries({
      have_large_insn_limit: instructions.large_programs,
      have_bounded_loops: instructions.bounded_loops,
      have_v2_isa_extension: instructions.v2,
      have_v3_isa_extension: instructions.v3,
    }).map(([name, { answer }]) => [name, answer === 'yes']);
    expect(theirs.misc).toMatchObject(Object.fromEntries(mine));
  });

  it('has the instructions, kinds of BTF and flags of its version, and no others', () => {
    const { instructions, btfKinds, programFlags, mapFlags } = ours;
    const wrong = Object.entries({ ...instructions, ...btfKinds, ...programFlags, ...mapFlags }).filter(
      ([, { answer, since, reason }]) =>
        answer !== (isOlderThan(since ?? '') || /without CONFIG/.test(reason ?? '') ? 'no' : 'yes'),
    );
    expect(wrong).toEqual([]);
  });

  it('agrees with the versions in the tables, and says why not', () => {
    const { kernel: _, kfuncs: __, ...tables } = ours;
    const all = Object.entries(tables).flatMap(([table, rows]) =>
      Object.entries<Feature>(rows).map(([name, feature]) => ({ name: `${table}.${name}`, ...feature })),
    );
    expect(all.filter(({ answer, since }) => answer === 'yes' && isOlderThan(since ?? ''))).toEqual([]);
    expect(all.filter(({ answer, reason }) => answer !== 'yes' && reason === undefined)).toEqual([]);
    expect(all.length).toBeGreaterThan(350);
  });

  it('knows helpers and link types from the version that brought them', () => {
    const wrong = Object.entries({ ...ours.helpers, ...ours.linkTypes }).filter(
      ([, { answer, since }]) => answer !== (isOlderThan(since ?? '') ? 'no' : 'yes'),
    );
    expect(wrong).toEqual([]);
  });

  it('is the same on this thread, from memory', () => {
    expect(featuresSync()).toEqual(ours);
  });
});

describe('a helper', () => {
  it('is allowed to some types of programs and not to others', async () => {
    expect(await probeHelper('xdp', 'bpf_redirect_map')).toMatchObject({ answer: 'yes', since: '4.14' });
    expect(await probeHelper('xdp', 'skb_load_bytes')).toMatchObject({ answer: 'no', since: '4.5' });
    expect(await probeHelper('tracing', 'get_stack')).toMatchObject({ answer: 'unknown' });
    await expect(probeHelper('xdp', 'bpf_none')).rejects.toThrow('there is no helper bpf_none');
  });

  it('is allowed where bpftool says so, on kernels whose words bpftool knows', async context => {
    context.skip(
      !isOlderThan('6.9'),
      'bpftool 7.1 does not know what the verifier of Linux 6.9 and later says',
    );
    const names = Object.keys(ours.helpers);
    const answers = await Promise.all(names.map(name => probeHelper('xdp', name)));
    const allowed = names.filter((_, index) => answers[index]?.answer === 'yes').map(name => `bpf_${name}`);
    const silent = ['bpf_probe_write_user', 'bpf_trace_printk', 'bpf_trace_vprintk']; // it leaves these out
    const known = theirs.helpers.xdp_available_helpers ?? [];
    expect(allowed.filter(name => !silent.includes(name))).toEqual(
      known.filter(name => !silent.includes(name)),
    );
  });
});

describe('a kernel function', () => {
  it('that is not there is not', () => {
    expect(probeKfuncSync('bpf_no_such_kfunc')).toMatchObject({ answer: 'no' });
  });

  it('that is there is one where the kernel marks them', () => {
    expect(probeKfuncSync('schedule').answer).toBe(ours.kfuncs.length > 0 ? 'no' : 'unknown');
    if (!isOlderThan('7.0')) expect(ours.kfuncs).toContain('bpf_task_acquire');
    for (const name of ours.kfuncs.slice(0, 5)) expect(probeKfuncSync(name).answer).toBe('yes');
  });
});

describe('without privilege', () => {
  it('nothing is taken for a no that may be a yes', async () => {
    const script = `
      import { features, probeHelper } from 'libbpf-ts/features';
      const { programTypes, mapTypes } = await features();
      const helper = await probeHelper('xdp', 'redirect_map');
      console.log(programTypes.xdp.answer, mapTypes.ringbuf.answer, helper.answer);
    `;
    const drop = ['setpriv', '--inh-caps=-all', '--bounding-set=-all'];
    const { stdout, stderr } = await runScript(script, [], drop);
    expect({ stdout, stderr }).toEqual({ stdout: 'unknown unknown unknown\n', stderr: '' });
  });
});
