/** The pages in docs/: their programs build, their TypeScript compiles, and commands print what the pages show. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { checkout, ended } from '../support/child.js';
import { blocks, folderOf, type Shown, shown, writePages } from '../support/doc-pages.js';
import { seconds } from '../support/time.js';

const cli = join(checkout, 'dist/cli/main.js');
const tsc = join(checkout, 'node_modules/typescript/bin/tsc');
let built: { readonly stderr: string; readonly code: number | null };
let compiled: { readonly stdout: string; readonly code: number | null };

beforeAll(async () => {
  const { folder, programs } = writePages();
  const accepted = programs.filter(program => !program.includes('wrong'));
  built = await ended(
    process.execPath,
    [cli, 'build', ...accepted, '--', '-Wextra', '-Wno-unused-parameter', '-Werror'],
    { cwd: folder },
  );
  compiled = await ended(process.execPath, [tsc, '-p', folder]);
}, seconds(120));

describe('the pages', () => {
  it('have programs that build without a warning', () =>
    expect(built).toMatchObject({ stderr: '', code: 0 }));

  it('have TypeScript that compiles', () => expect(compiled).toMatchObject({ stdout: '', code: 0 }));

  it('have no C and no TypeScript that is not tried', () => {
    expect(blocks().filter(({ language, file }) => /^(c|ts)$/.test(language) && file === undefined)).toEqual(
      [],
    );
  });

  it('have shell commands that a shell reads', async () => {
    for (const { page, file = '' } of blocks().filter(({ language }) => language === 'sh'))
      expect(await ended('sh', ['-n', join(folderOf(page), file)])).toMatchObject({ stderr: '', code: 0 });
  });

  it('the README has a program that does what its last comment says', async () => {
    expect(await ended(process.execPath, [join(folderOf('dist'), 'README/opens.js')])).toMatchObject({
      stdout: 'true /etc/hostname\n',
      stderr: '',
      code: 0,
    });
  });

  it('lifecycle: a service that starts again adopts what it pinned', async () => {
    using pins = new BpfFileSystem();
    const service = [join(folderOf('dist'), 'lifecycle/service.js'), join(pins.path, 'guard')];
    for (const start of ['first', 'second'])
      expect([start, await ended(process.execPath, service)]).toMatchObject([
        start,
        { stdout: 'true\n', code: 0 },
      ]);
    expect(readdirSync(join(pins.path, 'guard'), { recursive: true })).toContainEqual(
      expect.stringContaining('starts'),
    );
  });

  it('privileges: the check prints the problems that the command finds', async () => {
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath];
    const check = await ended('setpriv', [...nobody, join(folderOf('dist'), 'privileges/check.js')]);
    const report = await ended('setpriv', [...nobody, cli, 'doctor']);
    const words = (text: string) => text.replace(/\s+/g, ' ').trim();
    const lines = check.stdout.split('\n').map(words);
    expect(lines.join()).toContain('CAP_BPF');
    for (const line of lines) expect(words(report.stdout + report.stderr)).toContain(line);
  });

  it.each(['express', 'fastify'])(
    'the recipe for %s answers with what the kernel counted, and stops',
    async recipe => {
      const child = spawn(process.execPath, [join(folderOf('dist'), recipe, 'main.js'), '0'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const end = new Promise(resolve => child.on('exit', resolve));
      const [line] = await once(child.stdout, 'data');
      const port = /listening on (\d+)/.exec(String(line))?.[1];
      const scraped = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(scraped).toMatch(/^# TYPE files_opened_total counter$/m);
      expect(
        Number(/^files_opened_total\{outcome="opened"\} (\d+)$/m.exec(scraped)?.[1]),
      ).toBeGreaterThanOrEqual(0);
      child.kill('SIGTERM');
      expect(await end).toBe(0);
    },
  );

  it.each(shown())('$page: $command', async ({ page, command, lines }) => {
    const said = lines.filter(line => line !== '…');
    const printed = await printedBy({ page, command, lines });
    expect(printed.slice(0, said.length).map(shape)).toEqual(said.map(shape));
    if (said.length === lines.length) expect(printed).toHaveLength(said.length);
  });
});

/** What a command prints, line by line. One that goes on, as `…` says, is interrupted when it has shown enough. */
function printedBy({ page, command, lines }: Shown): Promise<string[]> {
  const [program = '', args] = commandOf(page, command);
  const child = spawn(program, args, { cwd: folderOf(page), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const take = (text: string) => {
    output += text;
    if (lines.includes('…') && output.split('\n').length >= lines.length) child.kill('SIGINT');
  };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => take(String(text)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(output.trimEnd().split('\n')));
  });
}

/** Files run as tsc has compiled them: on Node 20 too. */
function commandOf(page: string, command: string): [program: string, args: string[]] {
  const [program = '', ...args] = command.replace(/^sudo /, '').split(' ');
  const compiledArgs = args.map(arg =>
    arg.endsWith('.ts') ? join(folderOf('dist'), page, arg.replace('.ts', '.js')) : arg,
  );
  if (program === 'node') return [process.execPath, compiledArgs];
  return program === 'npx' && args[0] === 'libbpf-ts'
    ? [process.execPath, [cli, ...args.slice(1)]]
    : [program, args];
}

/** Long numbers differ from run to run, and sizes from one compiler to the next; short ones are the values that a page explains. */
function shape(line: string): string {
  return line
    .replace(/\d+\.\d+|\d{3,}/g, 'N')
    .replace(/ +/g, ' ')
    .trimEnd();
}
