/** Other people's objects: what plain libbpf opens and loads, so do we, and the modules that describe them compile. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { BpfError, load } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { emit } from '../../lib/gen/index.js';
import { ended } from '../support/child.js';
import { libbpfProgram } from '../support/program.js';
import { complaints } from '../support/strict.js';
import { temporary } from '../support/temporary.js';
import { disagreements } from './disagreements.js';

interface Built {
  readonly name: string;
  readonly least: number;
  readonly objects: readonly string[];
  readonly failed: readonly string[];
}

const list = process.env.LIBBPF_TS_FOREIGN ?? '';
const sources: readonly Built[] = list === '' ? [] : JSON.parse(readFileSync(list, 'utf8'));

it('there are sources', () => {
  expect(sources.length).toBeGreaterThanOrEqual(6);
});

/** What a C program on the same libbpf says of an object. */
async function inC(object: string): Promise<string> {
  const loader = libbpfProgram(new URL('loader.c', import.meta.url));
  const { stdout, code, signal } = await ended(loader, [object]);
  return code === 0 ? stdout.trim() : `ended with ${signal ?? code}`;
}

/** The same of ours: the errno of a refusal, or what was loaded. */
async function here(object: string): Promise<string> {
  try {
    await using bpf = await load(object);
    return `loaded ${Object.keys(bpf.maps).length} ${Object.keys(bpf.programs).length}`;
  } catch (error) {
    if (!(error instanceof BpfError)) return `failed with ${error}`;
    return `${error.operation.split(' ')[0]} ${-(error.errno ?? 0)} ${error.message}`;
  }
}

describe.each(sources)('$name', ({ name, least, objects, failed }) => {
  it(`has ${least} objects that build`, () => {
    expect(objects.length, failed.join('\n')).toBeGreaterThanOrEqual(least);
  });

  it('goes as far as in plain libbpf', async () => {
    const unlike: Record<string, string> = {};
    for (const object of objects) {
      const [theirs, ours] = [await inC(object), await here(object)];
      const key = `${name}/${basename(object)}`;
      if (ours !== theirs && !ours.startsWith(`${theirs} `)) unlike[key] = `libbpf: ${theirs}; here: ${ours}`;
    }
    const unlisted = Object.entries(unlike).filter(([key]) => !Object.hasOwn(disagreements, key));
    expect(Object.fromEntries(unlisted)).toEqual({});
    const over = Object.keys(disagreements).filter(
      key => key.startsWith(`${name}/`) && !Object.hasOwn(unlike, key),
    );
    expect(over).toEqual([]);
  });

  it('has modules that compile under the strict compiler', () => {
    const modules = objects.map(object => emit(readFileSync(object), object, { external: true }));
    expect(complaints(temporary(''), ...modules)).toEqual([]);
  });
});
