/** What the verifier rejects of the kernel's own tests, each program alone: it has a class of mistake, but for a few. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openSync, VerifierError } from 'libbpf-ts';
import { expect, it } from 'vitest';

const list = process.env.LIBBPF_TS_FOREIGN ?? '';
const sources: { name: string; objects: string[] }[] =
  list === '' ? [] : JSON.parse(readFileSync(list, 'utf8'));
const objects = sources
  .filter(({ name }) => name.startsWith('bpf selftests'))
  .flatMap(source => source.objects);

function programsOf(object: string): string[] {
  using opened = openSync(object);
  return Object.keys(opened.programs);
}

/** Undefined where it loads, or fails for another reason. */
function rejection(object: string, name: string): VerifierError | undefined {
  using opened = openSync(object);
  for (const [each, program] of Object.entries(opened.programs)) program.autoload = each === name;
  try {
    opened.loadSync().closeSync();
  } catch (error) {
    if (error instanceof VerifierError) return error;
  }
  return undefined;
}

it('have a class of mistake, but for 20', () => {
  let rejected = 0;
  const without: string[] = [];
  for (const object of objects)
    for (const name of opens(object) ? programsOf(object) : []) {
      const error = rejection(object, name);
      rejected += Number(error !== undefined);
      if (error && !error.diagnosis.mistake)
        without.push(`${basename(object)} ${name}: ${error.diagnosis.verdict}`);
    }
  console.log(`${rejected} programs rejected, ${without.length} of them as nothing known`);
  expect(rejected).toBeGreaterThan(600);
  expect(without.length, without.join('\n')).toBeLessThanOrEqual(20);
});

/** Those that do not are compared with plain libbpf beside this. */
function opens(object: string): boolean {
  try {
    openSync(object).closeSync();
    return true;
  } catch {
    return false;
  }
}
