/** Test runners that require(): jest in its default mode, which cannot load ES modules. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedProject, output } from './project.js';
import { toolCommand } from './tools.js';

const suite = `const { load, BpfError } = require('libbpf-ts');
const { u32 } = require('libbpf-ts/codec');
const { Btf } = require('libbpf-ts/btf');
const { join } = require('node:path');
test('loads an object', async () => {
  const bpf = await load(join(__dirname, 'probe.bpf.o'));
  expect(Object.keys(bpf.maps)).toContain('events');
  await bpf.close();
});
test('explains by the class that every door throws', async () => {
  expect(() => Btf.fromBytes(new Uint8Array(4), 'nothing')).toThrow(BpfError);
  expect(u32.size).toBe(4);
});
test('explains', async () => {
  await expect(load(join(__dirname, 'nothing.bpf.o'))).rejects.toBeInstanceOf(BpfError);
});
`;

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject({});
  writeFileSync(join(project.folder, 'probe.test.js'), suite);
});

afterAll(() => project.remove());

describe('jest', () => {
  it('requires the package', () => {
    const printed = output(
      project.folder,
      toolCommand('jest'),
      '--rootDir',
      project.folder,
      '--json',
      '--silent',
    );
    expect(JSON.parse(printed)).toMatchObject({ numPassedTests: 3, numFailedTests: 0 });
  });
});
