/** The TypeScript of a new project. It runs compiled on Node 20, and as it is where Node strips types. */
import type { ProjectKind } from './kinds.js';
import { isIterator } from './program.js';

/** The text of `app.ts`: what the application does with events. */
export function appText(kind: ProjectKind): string {
  const event = isIterator(kind) ? 'string' : 'Event';
  return `/** What is done with the events; app.test.ts tests it without a kernel. */
${isIterator(kind) ? '' : "import type { Event } from './hello.bpf.ts';\n"}
/** Prints each event, until there are no more. */
export async function show(events: AsyncIterable<${event}>, print: (line: string) => void): Promise<void> {
  for await (const event of events) print(lineOf(event));
}

function lineOf(event: ${event}): string {
  return ${kind.text};
}
`;
}

/** The text of `main.ts`. */
export function mainText(kind: ProjectKind): string {
  return isIterator(kind) ? iteratorMain() : eventMain(kind);
}

function eventMain({ imports = [], filter, attach, work }: ProjectKind): string {
  const filters = { pid: 'filter_pid', tree: 'filter_tree' };
  const load = filter ? `{ rodata: { ${filters[filter]}: Number(process.argv[2] ?? process.pid) } }` : '';
  const whose = filter
    ? `// Of this process${filter === 'tree' ? ' and its children' : ''}; npm start -- 0 shows the whole machine.\n`
    : '';
  return `${imports.join('\n')}
import { show } from './app.ts';
import { hello } from './hello.bpf.ts';

${whose}const bpf = await hello.load(${load});
// Closing detaches the program and ends the loop in show().
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void bpf.close());
try {
  await ${attach ?? 'bpf.attach()'};
  // Something to see.
  setInterval(() => {
    ${work};
  }, 500).unref();
  await show(bpf.maps.events, line => console.log(line));
} finally {
  await bpf.close();
}
`;
}

function iteratorMain(): string {
  return `import { show } from './app.ts';
import { hello } from './hello.bpf.ts';

const bpf = await hello.load();
try {
  const link = await bpf.programs.tasks.attach();
  await show(link.lines(), line => console.log(line));
} finally {
  await bpf.close();
}
`;
}

/** The text of `app.test.ts`, for `node --test`. */
export function testText(kind: ProjectKind): string {
  const { sample, sampleText } = kind;
  return isIterator(kind) ? generatorTest(sample, sampleText) : fakeObjectTest(sample, sampleText);
}

function fakeObjectTest(sample: string, text: string): string {
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeObject } from 'libbpf-ts/testing';
import { show } from './app.ts';
import { hello } from './hello.bpf.ts';

test('shows an event', async () => {
  const bpf = fakeObject(hello); // no kernel, no root: the test writes the events
  bpf.produce('events', ${sample});
  const lines: string[] = [];
  await show(bpf.maps.events, line => {
    lines.push(line);
    void bpf.close(); // which ends the loop in show()
  });
  assert.deepEqual(lines, [${JSON.stringify(text).replaceAll('"', "'")}]);
});
`;
}

function generatorTest(sample: string, text: string): string {
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { show } from './app.ts';

test('shows a task', async () => {
  async function* tasks() {
    yield ${sample};
  }
  const lines: string[] = [];
  await show(tasks(), line => {
    lines.push(line);
  });
  assert.deepEqual(lines, ['${text}']);
});
`;
}
