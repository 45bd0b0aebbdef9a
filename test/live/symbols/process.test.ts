/** Names of a process's addresses, beside what the process, the compiler's tools and gdb say. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Frame, formatFrame, openSymbolizer, symbolize } from 'libbpf-ts/symbols';
import { beforeAll, describe, expect, it } from 'vitest';
import { Talker } from '../../support/talker.js';
import { temporary } from '../../support/temporary.js';

const source = fileURLToPath(new URL('answering.c', import.meta.url));

/** A program of its own path, and what it says where its functions are. */
async function start(path: string, ...args: string[]) {
  const talker = await Talker.start('', [path, ...args]);
  const places = new Map<string, bigint>();
  for (let line = talker.greeting; line !== ''; line = await talker.hear()) {
    const [name = '', address = '0'] = line.split(' ');
    places.set(name, BigInt(address));
  }
  return { talker, places, pid: talker.pid };
}

function build(name: string, ...options: string[]): string {
  const path = temporary(name);
  mkdirSync(dirname(path), { recursive: true });
  execFileSync('gcc', ['-O1', source, '-o', path, '-ldl', ...options]);
  return path;
}

function namesOf(frames: readonly Frame[]): (string | undefined)[] {
  return frames.map(({ name }) => name);
}

/** Each function by an address in it, and one by its very start. */
async function named(pid: number, places: ReadonlyMap<string, bigint>) {
  const addresses = [...places.values()];
  const starts = await symbolize({ pid }, addresses, { returnAddresses: false });
  expect(starts.map(({ offset }) => offset)).toEqual(addresses.map(() => 0));
  const frames = await symbolize(
    { pid },
    addresses.map(address => address + 1n),
    { returnAddresses: false },
  );
  expect(namesOf(frames)).toEqual(namesOf(starts));
  return frames;
}

describe('functions of a program', () => {
  it.each([
    ['at an address of its own', ['-no-pie']],
    ['anywhere', ['-pie', '-fPIE']],
  ])('that is loaded %s are named', async (_, options) => {
    const path = build('answering', ...options);
    await using program = await disposable(start(path));
    const frames = await named(program.pid, program.places);
    expect(namesOf(frames)).toEqual(['hidden_helper', 'exported_work', 'main']);
    expect(frames.map(({ module, kind }) => [module, kind])).toEqual(Array(3).fill([path, 'native']));
    expect(formatFrame(frames[2] as Frame)).toBe('main+0x1 (answering)');
  });

  it('are named in a library that it opens later', async () => {
    const library = temporary('libthing.so');
    writeFileSync(temporary('thing.c'), 'int in_library(int n) { return n * 3; }');
    execFileSync('gcc', ['-shared', '-fPIC', temporary('thing.c'), '-o', library]);
    await using program = await disposable(start(build('opening'), library));
    const frames = await named(program.pid, program.places);
    expect(namesOf(frames)).toEqual(['hidden_helper', 'exported_work', 'main', 'in_library']);
    expect(frames[3]?.module).toBe(library);
  });

  it('are named when its file was removed, and when another has its name', async () => {
    const path = build('fleeting');
    await using removed = await disposable(start(path));
    rmSync(path);
    const frames = await named(removed.pid, removed.places);
    expect(namesOf(frames)).toEqual(['hidden_helper', 'exported_work', 'main']);
    expect(frames[0]?.module).toBe(`${path} (deleted)`);

    build('fleeting');
    await using replaced = await disposable(start(path));
    copyFileSync('/bin/true', temporary('another'));
    renameSync(temporary('another'), path);
    expect(namesOf(await named(replaced.pid, replaced.places))).toEqual([
      'hidden_helper',
      'exported_work',
      'main',
    ]);
  });

  it('are those of its own file, where another mount namespace has another by that name', async () => {
    const path = build('shadowed/answering');
    writeFileSync(
      temporary('other.c'),
      readFileSync(source, 'utf8').replaceAll('exported_work', 'another_name'),
    );
    execFileSync('gcc', ['-O1', temporary('other.c'), '-o', temporary('other'), '-ldl']);
    const shadow = `mount --bind ${temporary('other')} ${path} && exec ${path}`;
    await using outside = await disposable(start(path));
    const inside = await Talker.start('', ['unshare', '--mount', 'sh', '-c', shadow]);
    await using _ = inside;
    const lines = [inside.greeting, await inside.hear(), await inside.hear()];
    const addresses = lines.map(line => BigInt(line.split(' ')[1] ?? 0));
    const frames = await symbolize({ pid: inside.pid }, addresses, { returnAddresses: false });
    expect(namesOf(frames)).toEqual(['hidden_helper', 'another_name', 'main']);
    expect(namesOf(await named(outside.pid, outside.places))).toEqual([
      'hidden_helper',
      'exported_work',
      'main',
    ]);
  });
});

describe('a stripped program', () => {
  const strip = (path: string, debug: string) => {
    execFileSync('objcopy', ['--only-keep-debug', path, debug]);
    execFileSync('strip', ['--strip-all', path, '-o', `${path}.stripped`]);
    renameSync(`${path}.stripped`, path);
  };

  it('tells places in its file where nothing has its symbols', async () => {
    const path = build('bare');
    const [, wanted = ''] =
      /([0-9a-f]+) T main$/m.exec(execFileSync('nm', [path], { encoding: 'utf8' })) ?? [];
    strip(path, temporary('elsewhere.debug'));
    await using program = await disposable(start(path));
    const [frame] = await symbolize({ pid: program.pid }, [program.places.get('main') ?? 0n]);
    expect(frame).toMatchObject({ kind: 'native', name: undefined, module: path });
    // Code lies at the same place in the file as in memory, as gcc links small programs.
    expect(formatFrame(frame as Frame)).toBe(`bare+0x${BigInt(`0x${wanted}`).toString(16)}`);
  });

  it.each([
    ['beside it', 'linked.debug'],
    ['in .debug', '.debug/linked.debug'],
  ])('is named by its debug file %s', async (_, debug) => {
    const path = build('linked', '-Wl,--build-id=none');
    mkdirSync(temporary('.debug'), { recursive: true });
    strip(path, temporary(debug));
    execFileSync('objcopy', [`--add-gnu-debuglink=${temporary(debug)}`, path]);
    await using program = await disposable(start(path));
    expect(namesOf(await named(program.pid, program.places))).toEqual([
      'hidden_helper',
      'exported_work',
      'main',
    ]);
    rmSync(temporary(debug));
  });

  it('is not named by the debug file of another build', async () => {
    const path = build('stale', '-Wl,--build-id=none');
    strip(path, temporary('stale.debug'));
    execFileSync('objcopy', [`--add-gnu-debuglink=${temporary('stale.debug')}`, path]);
    execFileSync('objcopy', [
      '--only-keep-debug',
      build('other-build', '-O0', '-Wl,--build-id=none'),
      temporary('stale.debug'),
    ]);
    await using program = await disposable(start(path));
    expect(namesOf(await symbolize({ pid: program.pid }, [program.places.get('main') ?? 0n]))).toEqual([
      undefined,
    ]);
  });
});

describe('a process that has ended', () => {
  it('is named where it was looked at before, unknown where it was not', async () => {
    await using symbols = openSymbolizer();
    const path = build('ending');
    const { talker, places, pid } = await start(path);
    await symbols.remember(pid);
    await talker[Symbol.asyncDispose]();
    rmSync(path);
    const frames = await symbols.symbolize({ pid }, places.values(), { returnAddresses: false });
    expect(namesOf(frames)).toEqual(['hidden_helper', 'exported_work', 'main']);
    await using another = openSymbolizer();
    const unseen = await another.symbolize({ pid }, places.values());
    expect(unseen.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('is named as what it was before exec too', async () => {
    await using symbols = openSymbolizer();
    const path = build('replacing');
    const shell = await Talker.start('', ['sh', '-c', `echo sh; read line; exec ${path}`]);
    await using _ = shell;
    await symbols.remember(shell.pid);
    const maps = readFileSync(`/proc/${shell.pid}/maps`, 'utf8');
    const [, start = '0'] = /^([0-9a-f]+)-\S+ r-xp .*dash$/m.exec(maps) ?? [];
    await shell.ask('');
    const [before] = await symbols.symbolize({ pid: shell.pid }, [BigInt(`0x${start}`) + 64n]);
    expect(basename(before?.module ?? '')).toBe('dash');
  });
});

describe("node's own functions", () => {
  /** Of the symbol table, as binutils read it: address, size and names. */
  const table = new Map<bigint, { size: bigint; names: string[] }>();
  let starts: bigint[] | undefined;
  beforeAll(() => {
    const text = execFileSync('readelf', ['-sW', process.execPath], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const line = /^ *\d+: ([0-9a-f]+) +(\d+|0x[0-9a-f]+) FUNC +\S+ +\S+ +\d+ (\S+)$/gm;
    for (const [, value, size = '0', name = ''] of text.matchAll(line)) {
      const known = table.get(BigInt(`0x${value}`));
      table.set(BigInt(`0x${value}`), { size: BigInt(size), names: [...(known?.names ?? []), name] });
    }
  });

  it('are those that readelf lists, at every fiftieth of them', async () => {
    const base = loadAddress();
    const sampled = [...table].filter(([, { size }], i) => i % 50 === 0 && size > 2n);
    const addresses = sampled.map(([address, { size }]) => base + address + size / 2n);
    const frames = await symbolize({ pid: process.pid }, addresses, { returnAddresses: false });
    const wrong = frames.filter(
      (frame, i) => !covering(addresses[i] as bigint, base).includes(frame.symbol ?? frame.name ?? ''),
    );
    expect(sampled.length).toBeGreaterThan(1500);
    expect(wrong.map(formatFrame)).toEqual([]);
  });

  it('in C++ are named as c++filt has them', async () => {
    const base = loadAddress();
    const mangled = [...table].filter(
      ([, { names }], i) => i % 4 === 0 && names.length === 1 && names[0]?.startsWith('_Z'),
    );
    const addresses = mangled.map(([address]) => base + address);
    const frames = await symbolize({ pid: process.pid }, addresses, { returnAddresses: false });
    const filtered = execFileSync('c++filt', {
      input: mangled.map(([, { names }]) => names[0]).join('\n'),
      encoding: 'utf8',
    });
    const expected = filtered.trimEnd().split('\n');
    const different = frames.filter(({ name = '' }, i) => !isSameName(name, expected[i] ?? ''));
    expect(frames.length).toBeGreaterThan(1500);
    // Of names within templates of functions, the two have other opinions.
    expect(different.length / frames.length).toBeLessThan(0.02);
  });

  /** Names of the innermost function that has an address: the last one to begin of those that reach so far. */
  function covering(address: bigint, base: bigint): string[] {
    const place = address - base;
    starts ??= [...table.keys()].sort((a, b) => Number(a - b));
    const found = starts.findLast(start => start <= place && place < start + (table.get(start)?.size ?? 0n));
    return table.get(found ?? 0n)?.names ?? [];
  }

  /** Where the program's addresses begin: 0 unless it can be loaded anywhere. */
  function loadAddress(): bigint {
    const header = execFileSync('readelf', ['-h', process.execPath], { encoding: 'utf8' });
    if (/Type: +EXEC/.test(header)) return 0n;
    const [, start = '0'] = /^([0-9a-f]+)-/.exec(readFileSync('/proc/self/maps', 'utf8')) ?? [];
    return BigInt(`0x${start}`);
  }
});

/** The functions' own names, for the two write constants and the standard library's types in ways of their own. */
function isSameName(ours: string, theirs: string): boolean {
  const [a, b] = [ours, theirs].map(ownName) as [string, string];
  // c++filt writes what a template function returns in front of it.
  return b.endsWith(a);
}

/** Without arguments, and without those of templates. */
function ownName(name: string): string {
  const shorter = name.replace(/<[^<>()]*>|\([^()<>]*\)/g, '');
  return shorter === name ? name.replaceAll(' ', '') : ownName(shorter);
}

describe("the kernel's page of functions", () => {
  it('is named as the symbols of its image say', async () => {
    const maps = readFileSync('/proc/self/maps', 'utf8');
    const [, start = '0', end = '0'] = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(maps) ?? [];
    const image = temporary('vdso.so');
    const size = Number(BigInt(`0x${end}`) - BigInt(`0x${start}`));
    const script = `import sys; m = open('/proc/${process.pid}/mem', 'rb'); m.seek(0x${start}); open('${image}', 'wb').write(m.read(${size}))`;
    execFileSync('python3', ['-c', script]);
    const listed = [
      ...execFileSync('nm', ['-D', image], { encoding: 'utf8' }).matchAll(/^([0-9a-f]+) [TW] (\w+)/gm),
    ];
    const byAddress = new Map<string, string[]>();
    for (const [, address = '', name = ''] of listed)
      byAddress.set(address, [...(byAddress.get(address) ?? []), name]);
    const addresses = [...byAddress.keys()].map(address => BigInt(`0x${start}`) + BigInt(`0x${address}`));
    const frames = await symbolize({ pid: process.pid }, addresses, { returnAddresses: false });
    expect(frames.length).toBeGreaterThan(2);
    for (const [i, group] of [...byAddress.values()].entries()) {
      expect(group).toContain(frames[i]?.name);
      expect(frames[i]).toMatchObject({ kind: 'native', module: '[vdso]', offset: 0 });
    }
  });
});

describe('return addresses', () => {
  it('count as of the call before them: behind a function that ends in a call is another', async () => {
    await using program = await disposable(start(build('returning')));
    const main = program.places.get('main') ?? 0n;
    const [first, second] = await symbolize({ pid: program.pid }, [main, main]);
    expect(first).toMatchObject({ name: 'main', offset: 0 });
    expect(second?.name).not.toBe('main');
  });
});

describe('a symbolizer', () => {
  it('is refused when closed, and with options that cannot be meant', async () => {
    const symbols = openSymbolizer();
    await symbols.close();
    await symbols.close();
    await expect(symbols.symbolize('kernel', [])).rejects.toThrow(/ERR_BPF_CLOSED.*symbolizer is closed/);
    expect(() => openSymbolizer({ maxByte: 1 } as never)).toThrow(/ERR_BPF_ARGUMENT.*no option maxByte/);
    expect(() => openSymbolizer({ maxBytes: -1 })).toThrow(/ERR_BPF_ARGUMENT.*maxBytes is an integer/);
    await expect(symbolize({ pid: 0 }, [])).rejects.toThrow(/ERR_BPF_ARGUMENT.*{ pid }/);
  });

  it('keeps no more than it may', async () => {
    await using symbols = openSymbolizer({ maxBytes: 0, maxProcesses: 1 });
    const address = BigInt(
      `0x${/^([0-9a-f]+)-\S+ r-xp/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[1]}`,
    );
    for (let i = 0; i < 3; i++) {
      const [frame] = await symbols.symbolize({ pid: process.pid }, [address + 4096n]);
      expect(frame?.module).toBe(process.execPath);
    }
  });
});

/** Ends the program with the test. */
async function disposable(starting: ReturnType<typeof start>) {
  const program = await starting;
  return { ...program, [Symbol.asyncDispose]: () => program.talker[Symbol.asyncDispose]() };
}
