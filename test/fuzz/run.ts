/** Runs mutants in processes of their own, and finds those that end one or keep it busy. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Elf } from '../../lib/btf/index.js';
import { checkout } from '../support/child.js';
import { compile } from '../support/clang.js';

/** How a run went: what came of the mutants, and those that must not have come. */
export interface Fuzzed {
  readonly outcomes: Record<string, number>;
  /** The number of a mutant, and what it did. */
  readonly findings: string[];
}

/** How many of all mutants each target gets; detaching from a traced program takes the kernel longest. */
export const shares = { object: 0.5, linked: 0.3, types: 0.18, traced: 0.02 } as const;

/** What a mutant may take: the kernel verifies a million instructions of one at most, on a machine that may be busy. */
const patience = 90_000 * Number(process.env.LIBBPF_TS_TIME_FACTOR ?? 1);

const program = `
  #include <sys/sdt.h>
  int first(void) { return 1; }
  int second(void) { return 2; }
  int main(int argc, char** argv) { DTRACE_PROBE2(shop, sold, argc, argv[1]); return first() + second(); }`;
const types = `
  typedef struct list { struct list *next; const volatile char *name[2]; } list_t;
  enum color { RED, BLUE = 7 };
  union u { int i; struct { unsigned a : 3, b : 5; }; list_t l; enum color c; int (*f)(list_t *, enum color, ...); };
  struct task_struct { int pid; union u u; struct { struct { union u *deep[4]; }; }; } task;
  static int g(union u *x, list_t l) { return x->i + l.name[1][0]; }
  int f(union u *x) { return g(x, x->l) + task.pid; }`;

/** A folder with what is mutated besides objects, removed at the end. */
export class Workshop implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-fuzz-'));

  constructor() {
    writeFileSync(`${this.folder}/traced.c`, program);
    execFileSync('cc', [
      '-O1',
      '-nostdlib',
      '-Wl,-emain',
      '-o',
      `${this.folder}/traced`,
      `${this.folder}/traced.c`,
    ]);
    const { bytes } = compile(types, 'bpf', ['-g', '-w']);
    const section = Elf.parse(bytes, 'types').section('.BTF');
    writeFileSync(`${this.folder}/types.btf`, section?.bytes ?? '');
  }

  /** Runs `count` mutants of a target, from the number `first` on. */
  async fuzz(target: string, first: number, count: number): Promise<Fuzzed> {
    const all: Fuzzed = { outcomes: {}, findings: [] };
    for (let next = first; next < first + count; )
      next = await this.#some(target, next, first + count - next, all);
    return all;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One process, until it has done all or one ends it; says where to go on. */
  async #some(target: string, first: number, count: number, all: Fuzzed): Promise<number> {
    const script = [
      join(checkout, 'test/fuzz/child.mjs'),
      this.folder,
      target,
      `${first}`,
      `${Math.min(count, 2000)}`,
    ];
    const child = spawn(process.execPath, script, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] });
    const watch = new Watch(target, all);
    const timer = setInterval(() => watch.isLate() && child.kill('SIGKILL'), 500);
    child.stdout.on('data', text => watch.heard(`${text}`));
    child.stderr.on('data', text => watch.complained(`${text}`));
    const [code, signal] = await once(child, 'close');
    clearInterval(timer);
    return watch.ended(code, signal);
  }
}

/** What one process has said so far. */
class Watch {
  readonly #target: string;
  readonly #all: Fuzzed;
  #text = '';
  #complaint = '';
  #last = Date.now();
  #done: number | undefined;

  constructor(target: string, all: Fuzzed) {
    this.#target = target;
    this.#all = all;
  }

  isLate(): boolean {
    return Date.now() - this.#last > patience;
  }

  complained(text: string): void {
    this.#complaint = `${this.#complaint}${text}`.slice(0, 4000);
  }

  heard(text: string): void {
    this.#last = Date.now();
    const lines = `${this.#text}${text}`.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.#outcome(line);
  }

  #outcome(line: string): void {
    const [index = '', came = '', ...more] = line.split(' ');
    this.#done = Number(index);
    this.#all.outcomes[came] = (this.#all.outcomes[came] ?? 0) + 1;
    if (came === 'odd') this.#all.findings.push(`${this.#target} ${index}: ${more.join(' ')}`);
  }

  ended(code: number | null, signal: NodeJS.Signals | null): number {
    const pending = this.#text === '' ? undefined : Number(this.#text);
    if (pending === undefined && this.#done === undefined) throw new Error(this.#complaint);
    // Sanitizers complain, and the process goes on.
    if (code !== 0 || this.#complaint !== '') {
      const how = this.isLate() ? 'is busy without end' : `ends the process with ${signal ?? code}`;
      this.#all.findings.push(`${this.#target} ${pending ?? 'some'}: ${how} ${this.#complaint}`);
    }
    return (pending ?? this.#done ?? 0) + 1;
  }
}
