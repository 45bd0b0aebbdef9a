/** What the command line says about itself, and how it takes arguments. */
import { describe, expect, it } from 'vitest';
import { allCommands } from '../../../lib/cli/commands.js';
import { overview } from '../../../lib/cli/help.js';
import { UsageError } from '../../../lib/command/command.js';
import { helpOf } from '../../../lib/command/help.js';
import { parse } from '../../../lib/command/parse.js';

const commands = await allCommands();

function named(name: string) {
  const command = commands.find(row => row.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command;
}

function texts(): string {
  return [overview(commands), ...commands.map(command => helpOf(command))].join('\n');
}

describe('help', () => {
  it('is the text in help.txt', async () => {
    await expect(texts()).toMatchFileSnapshot('help.txt');
  });

  it('fits a terminal of 120 columns', () => {
    const lines = texts().split('\n');
    expect(lines.filter(line => line.length > 120)).toEqual([]);
  });

  it.each(commands.map(({ name }) => name))('%s: its examples are command lines that it takes', name => {
    for (const example of named(name).examples) {
      const [line = ''] = example.split(' | ');
      const [first, ...args] = line.split(/ (?=(?:[^']*'[^']*')*[^']*$)/);
      expect(first).toBe(name);
      expect(() => parse(named(name), args)).not.toThrow();
    }
  });
});

describe('arguments', () => {
  it('are options, operands, and what stands behind --', () => {
    const args = ['a.bpf.c', '-o', 'out', 'b.bpf.c', '--watch', '--', '-DX=1', '--', '-o'];
    expect(parse(named('build'), args)).toEqual({
      options: { output: 'out', watch: true },
      operands: ['a.bpf.c', 'b.bpf.c'],
      rest: ['-DX=1', '--', '-o'],
    });
  });

  it('may come several times where that makes sense', () => {
    const { options } = parse(named('run'), ['x.o', '--set', 'a=1', '--set=b=2', '--type', 'r=struct e']);
    expect(options).toEqual({ set: ['a=1', 'b=2'], type: ['r=struct e'] });
  });

  it.each<[string, string[], RegExp]>([
    ['build', [], /it takes X\.bpf\.c…/],
    ['build', ['x.bpf.c', '--clang'], /'--clang <value>' argument missing/],
    ['build', ['x.bpf.c', '--wach'], /unknown option '--wach'/],
    ['build', ['x.bpf.c', '--watch=1'], /'-w, --watch' does not take an argument/],
    ['generate', ['a.o', 'b.o'], /one too many: b\.o; it takes X\.bpf\.o/],
    ['generate', ['a.o', '--', 'b'], /it takes nothing behind --/],
    ['vmlinux', ['x'], /one too many: x/],
  ])('libbpf-ts %s %j is refused', (name, args, message) => {
    const refused = () => parse(named(name), args);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(message);
    expect(refused).toThrow(`see libbpf-ts help ${name}`);
  });
});
