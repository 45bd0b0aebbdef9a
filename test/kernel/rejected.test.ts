/**
 * Programs that the verifier rejects: the error names the line and the class that a comment in the C source names, on
 * every kernel, until the one that accepts the program.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { basename } from 'node:path';
import { open, VerifierError } from 'libbpf-ts';
import { verifierRules } from 'libbpf-ts/verifier';
import { describe, expect, it } from 'vitest';
import { isOlderThan } from '../../lib/host/kernel.js';

const folder = new URL('../bpf/rejected/', import.meta.url).pathname;
const sources = readdirSync(folder).filter(name => name.endsWith('.bpf.c'));

interface Rejected {
  readonly file: string;
  readonly line: number;
  readonly program: string;
  /** On older kernels it may be another, as `call-depth or back-edge`. */
  readonly mistake: string;
  /** The version that accepts it. */
  readonly until: string | undefined;
}

/** The comments of a source. */
function rejectedIn(file: string): Rejected[] {
  const lines = readFileSync(folder + file, 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    const found = text.match(/\/\/ (\w+) is rejected: ([\w-]+(?: or [\w-]+)*)(?: (until|since) ([\d.]+))?$/);
    if (found === null) return [];
    const [, program = '', mistake = '', word, version = ''] = found;
    const marked = { file, line: index + 1, program, mistake };
    if (word === 'since') return isOlderThan(version) ? [] : [{ ...marked, until: undefined }];
    return [{ ...marked, until: word && version }];
  });
}

/** By program; of two comments the later one in the file, which newer kernels bring. */
const gallery = [...new Map(sources.flatMap(rejectedIn).map(each => [each.program, each])).values()];

/** Loads that program of the file alone. */
async function load({ file, program: name }: Rejected) {
  const opened = await open(`${folder}${file.replace(/c$/, 'o')}`);
  const { [name]: program } = opened.programs;
  if (program === undefined) throw new Error(`${file} has no program ${name}`);
  program.autoload = true;
  if (opened.maps.absent !== undefined) opened.maps.absent.autocreate = false;
  return opened.load();
}

async function refusal(rejected: Rejected): Promise<VerifierError> {
  try {
    await using accepted = await load(rejected);
    throw new Error(`${accepted.name}.${rejected.program} was accepted`);
  } catch (error) {
    if (error instanceof VerifierError) return error;
    throw error;
  }
}

/** What CO-RE did not find, and where. */
const absent: Readonly<Record<string, string>> = {
  field_missing: `Linux ${release()} has no none in struct task_struct;`,
  enum_missing: `Linux ${release()} has no FUNC_NONE in enum bpf_func_id;`,
};

describe('the gallery of rejected programs', () => {
  it('has a comment for each of its programs', async () => {
    const names = await Promise.all(sources.map(programsOf));
    expect(gallery.map(({ program }) => program).sort()).toEqual(names.flat().sort());
    expect(gallery.length).toBeGreaterThan(40);
  });

  it.each(gallery)('$program is rejected as $mistake, at its line', async rejected => {
    if (rejected.until !== undefined && !isOlderThan(rejected.until)) {
      await using accepted = await load(rejected);
      expect(accepted.programs[rejected.program]?.loaded).toBe(true);
      return;
    }
    const error = await refusal(rejected);
    const { source, mistake = '', why, remedy } = error.diagnosis;
    const { file, line } = rejected;
    expect(rejected.mistake.split(' or '), error.verifierLog).toContain(mistake);
    expect(`${basename(source?.file ?? '')}:${source?.line}`, error.verifierLog).toBe(`${file}:${line}`);
    expect({ why, remedy }).not.toContain(undefined);
    expect(error.message).toContain(`${file}:${line}`);
    expect(error.message).toContain(absent[rejected.program] ?? '');
  });

  it('has examples of most classes', () => {
    const shown = new Set(gallery.flatMap(({ mistake }) => mistake.split(' or ')));
    expect(shown.size).toBeGreaterThan(Object.keys(verifierRules).length / 2);
  });
});

async function programsOf(file: string): Promise<string[]> {
  await using opened = await open(`${folder}${file.replace(/c$/, 'o')}`);
  return Object.keys(opened.programs);
}
