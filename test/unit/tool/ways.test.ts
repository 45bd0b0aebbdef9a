/** The first way that works is taken; what the others were refused for is told where none does. */

import { describe, expect, it } from 'vitest';
import { BpfError } from '../../../lib/index.js';
import { traceByFirstWay } from '../../../lib/tool/ways.js';

const ways = { tracepoint: ['checked'], fexit: ['left'], kprobe: ['entered', 'returned'] };

/** Where each way ends, and what it had of an object by then. */
class Machine {
  readonly loaded: string[][] = [];
  closed = 0;
  readonly #refusing: Readonly<Record<string, 'load' | 'attach'>>;

  constructor(refusing: Readonly<Record<string, 'load' | 'attach'>>) {
    this.#refusing = refusing;
  }

  readonly open = async () => {
    const programs = Object.fromEntries(
      ['checked', 'left', 'entered', 'returned', 'filter_forked'].map(name => [name, { autoload: true }]),
    );
    const load = async () => {
      const chosen = Object.keys(programs).filter(name => programs[name]?.autoload);
      this.loaded.push(chosen);
      this.#refuse('load', chosen);
      return this.#object(chosen);
    };
    return { programs, load };
  };

  #object(chosen: readonly string[]) {
    const attach = async () => {
      this.#refuse('attach', chosen);
      return { links: {} };
    };
    const dispose = async () => void this.closed++;
    return { attach, programs: {}, maps: {}, globals: {}, [Symbol.asyncDispose]: dispose };
  }

  #refuse(operation: 'load' | 'attach', chosen: readonly string[]): void {
    const name = chosen.find(each => this.#refusing[each] === operation);
    if (name === undefined) return;
    throw new BpfError({
      code: 'EPERM',
      operation: `${operation} ${name}`,
      reason: 'this kernel refuses it',
    });
  }
}

const byFirst = (machine: Machine, wanted?: string) => traceByFirstWay('capable', ways, wanted, machine.open);

describe('ways to trace', () => {
  it('takes the first that loads and attaches, and closes what did not', async () => {
    const machine = new Machine({ checked: 'load', left: 'attach' });
    expect((await byFirst(machine)).way).toBe('kprobe');
    expect(machine.loaded).toEqual([
      ['checked', 'filter_forked'],
      ['left', 'filter_forked'],
      ['entered', 'returned', 'filter_forked'],
    ]);
    expect(machine.closed).toBe(1);
  });

  it('takes the one that is wanted alone', async () => {
    const machine = new Machine({});
    expect((await byFirst(machine, 'fexit')).way).toBe('fexit');
    expect(machine.loaded).toEqual([['left', 'filter_forked']]);
    await expect(byFirst(new Machine({ left: 'attach' }), 'fexit')).rejects.toThrow(/by fexit: attach left/);
    await expect(byFirst(machine, 'lsm')).rejects.toThrow('--by takes tracepoint, fexit, kprobe, not lsm');
  });

  it('says of each why not, where none works', async () => {
    const machine = new Machine({ checked: 'load', left: 'load', returned: 'attach' });
    await expect(byFirst(machine)).rejects.toThrow(
      /^trace with capable: ENOTSUP, no way works here: by tracepoint: load checked: .*; by fexit: load left: .*; by kprobe: attach returned: /,
    );
  });

  it('passes on what is no refusal', async () => {
    const open = async () => {
      throw new TypeError('of the tool itself');
    };
    await expect(traceByFirstWay('capable', ways, undefined, open)).rejects.toThrow(TypeError);
  });
});
