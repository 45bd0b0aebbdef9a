/** Files of others that the pages and the repository have: each is read by a parser of its own kind. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { toolNames } from '../../.setup/tool-names.mjs';
import { blocks } from '../support/doc-pages.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-texts-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Blocks of a language, which there must be. */
function blocksIn(language: string): [file: string, text: string][] {
  const found = blocks().filter(block => block.language === language);
  expect(found).not.toEqual([]);
  return found.map(({ page, file = '', text }) => [`${page}/${file}`, text]);
}

describe('YAML', () => {
  const workflows = readdirSync('.github/workflows').map((name): [string, string] => [
    name,
    readFileSync(join('.github/workflows', name), 'utf8'),
  ]);

  it.each([...blocksIn('yaml'), ...workflows])('%s can be read', (_, text) => {
    const { errors, warnings } = parseDocument(text, { strict: true });
    expect([...errors, ...warnings]).toEqual([]);
  });

  it.each(workflows)('%s has jobs that run on a machine, of steps that do something', (_, text) => {
    const { on, jobs } = parseDocument(text).toJS();
    expect(on).toBeDefined();
    for (const job of Object.values<Record<string, unknown>>(jobs)) {
      expect(job['runs-on']).toEqual(expect.any(String));
      for (const step of job.steps as Record<string, unknown>[])
        expect(step.run ?? step.uses).toEqual(expect.any(String));
    }
  });

  it('mounts of the pod are volumes of the pod, and its labels are those that are selected', () => {
    const [[, text] = ['', '']] = blocksIn('yaml');
    const { spec } = parseDocument(text).toJS();
    const pod = spec.template.spec;
    const mounts = pod.containers.flatMap((each: { volumeMounts: { name: string }[] }) => each.volumeMounts);
    const names = (list: { name: string }[]) => list.map(({ name }) => name).sort();
    expect(names(mounts)).toEqual(names(pod.volumes));
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
  });
});

describe('a Dockerfile', () => {
  it.each(blocksIn('docker'))(
    '%s has instructions that Docker knows, and copies from stages that there are',
    (_, text) => {
      const file = DockerfileParser.parse(text);
      const words = file.getInstructions().map(each => each.getKeyword());
      const known = [
        'FROM',
        'RUN',
        'CMD',
        'LABEL',
        'EXPOSE',
        'ENV',
        'ADD',
        'COPY',
        'ENTRYPOINT',
        'VOLUME',
        'USER',
        'WORKDIR',
        'ARG',
      ];
      expect(words.filter(word => !known.includes(word))).toEqual([]);
      const stages = file.getFROMs().map(from => from.getBuildStage());
      const sources = file.getCOPYs().flatMap(copy => copy.getFromFlag()?.getValue() ?? []);
      expect(sources.filter(stage => !stages.includes(stage))).toEqual([]);
      expect(words).toContain('CMD');
    },
  );
});

describe('a unit of systemd', () => {
  it.each(blocksIn('ini'))('%s is accepted by systemd-analyze', (name, text) => {
    const path = join(folder, name.replace('/', '-'));
    // It asks for the programs too, of which this one is nowhere.
    writeFileSync(path, text.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

it('the list of tools has each of them, and each has a page', () => {
  const listed = readFileSync('examples/README.md', 'utf8').matchAll(/^\| \[(\w+)\]\((\w+)\/README\.md\)/gm);
  expect(Array.from(listed, ([, name]) => name).sort()).toEqual([...toolNames].sort());
  for (const name of toolNames)
    expect(readFileSync(`examples/${name}/README.md`, 'utf8')).toMatch(`# ${name}\n`);
});
