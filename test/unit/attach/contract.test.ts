/** What holds for every kind of the table: it attaches or says where else, it asks for what is missing, it is tested. */
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { attachError } from '../../../lib/attach/attach-error.js';
import type { AttachKind } from '../../../lib/attach/attach-kind.js';
import { attachToFirst } from '../../../lib/attach/fallback-targets.js';
import { attachKinds } from '../../../lib/attach/table.js';
import { type Flow, runSync } from '../../../lib/native/flow.js';
import type { Errno, LinkHandle, Outcome, ProgramHandle } from '../../../lib/native/native.js';

const rows = Object.entries<AttachKind>(attachKinds);

describe.each(rows)('%s', (_kind, row) => {
  it('attaches, or says where it is attached instead', () => {
    expect(row.attach === undefined).toBe(row.instead !== undefined);
  });

  it('has versions and options as Linux writes them', () => {
    const versions = [row.since, ...Object.values(row.later ?? {}), ...(row.cookie ? [row.cookie] : [])];
    for (const version of versions) expect(version).toMatch(/^[3-9]\.\d+$/);
    for (const option of row.config) expect(option).toMatch(/^[A-Z0-9_]+$/);
    for (const section of Object.keys(row.later ?? {})) expect(row.sections).toContain(section);
  });
});

/** Those that need no option: a trampoline's target is known since load, and our own network is the natural one. */
const complete = ['tp_btf', 'fentry', 'fmod_ret', 'fsession', 'lsm', 'iter', 'netns'];

describe('without what the section leaves open', () => {
  const asking = rows.filter(([kind, { instead }]) => instead === undefined && !complete.includes(kind));

  it.each(asking)('%s says what it is, and which option', (_kind, kind) => {
    const section = (kind.sections[0] ?? '').replace('+', '');
    const program = {} as ProgramHandle;
    const request = { kind, program, operation: 'attach it', section, alone: false, target: undefined };
    const attach = () => runSync(kind.attach?.(request, {}) ?? failing());
    const sentence =
      /^attach it: ERR_BPF_ARGUMENT, SEC\("([^"]+)"\) does not say (.+), and neither does the option (\w+) \(give it: \{ \3: … \}\)$/;
    expect(attach).toThrow(sentence);
  });
});

it('a name that several functions of the kernel have is told from one that none has', () => {
  const { EADDRNOTAVAIL } = constants.errno;
  const site = {
    name: 'it',
    section: 'kprobe',
    kind: attachKinds.kprobe,
    options: { function: 'name_show' },
  };
  expect(attachError(-EADDRNOTAVAIL, site, '').message).toMatch(
    /: EADDRNOTAVAIL, this kernel has several functions name_show \(SEC\("kprobe\.multi"\) takes addresses\)$/,
  );
});

describe('several names of one target', () => {
  const choosing = rows.filter(([, { oneOf }]) => oneOf !== undefined);

  it.each(choosing)('of %s are tried until one is there', (_kind, kind) => {
    const { oneOf = '', sections } = kind;
    const tried: unknown[] = [];
    const request = {
      kind,
      program: {} as ProgramHandle,
      operation: 'attach it',
      section: sections[0] ?? '',
      alone: false,
      target: '',
    };
    const ENOENT = -2 as Errno;
    // biome-ignore lint/correctness/useYield: a flow without steps
    const attacher = function* (_: unknown, options: object): Flow<Outcome<LinkHandle>[]> {
      const name = (options as Record<string, unknown>)[oneOf];
      tried.push(name);
      return [[name === 'there' ? ({} as LinkHandle) : ENOENT, '']];
    };
    const attach = (...names: string[]) => runSync(attachToFirst(attacher, request, { [oneOf]: names }));
    expect(attach('absent', 'there', 'unneeded').target).toBe('there');
    expect(tried).toEqual(['absent', 'there']);
    expect(attach('absent', 'missing')).toEqual({ outcomes: [[ENOENT, '']] });
    expect(attach).toThrow(`attach it: ERR_BPF_ARGUMENT, ${oneOf} is a list without a name`);
  });
});

// biome-ignore lint/correctness/useYield: a flow without steps
function* failing(): Generator<never, never, unknown> {
  throw new Error('it has no attacher');
}

describe('the programs of the tests', () => {
  const files = readdirSync('test/bpf').filter(file => file.endsWith('.bpf.c'));
  const text = files.map(file => readFileSync(`test/bpf/${file}`, 'utf8')).join('');
  const tested = Array.from(text.matchAll(/SEC\("\??([^"]+)"\)/g), ([, section = '']) => section);

  it.each(rows)('have each section of %s', (_, { sections }) => {
    const missing = sections.filter(pattern => !tested.some(section => isOf(pattern, section)));
    expect(missing.filter(pattern => !untested.includes(pattern))).toEqual([]);
  });
});

function isOf(pattern: string, section: string): boolean {
  if (!pattern.endsWith('+')) return section === pattern;
  const prefix = pattern.slice(0, -1);
  return section === prefix || section.startsWith(`${prefix}/`);
}

/** Other names of tested sections, and what no kernel that the tests run on can attach. */
const untested = [
  'tracepoint+',
  'raw_tracepoint+',
  'raw_tracepoint.w+',
  'classifier',
  'tc/ingress',
  'tc/egress',
  'lirc_mode2',
];
