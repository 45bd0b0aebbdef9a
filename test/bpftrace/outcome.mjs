// One case, run by a command: what it starts before and beside, what it says, and whether that is what was expected.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * `passed`, or what is missing.
 *
 * @param {import('./cases.mjs').Case} given
 * @param {string} command as a shell reads it
 * @param {string} folder where it runs
 */
export async function outcome(given, command, folder) {
  const { directives } = given;
  for (const line of directives.get('SETUP') ?? []) spawnSync('/bin/sh', ['-c', line], { cwd: folder });
  const before = await startBefore(directives.get('BEFORE') ?? [], folder);
  try {
    const output = await run(lineOf(given, command, before[0]?.pid ?? 0), directives, folder);
    const missing = missingIn(output, directives, folder);
    return missing === undefined
      ? 'passed'
      : `${JSON.stringify(missing)} in ${JSON.stringify(output.slice(0, 300))}`;
  } finally {
    for (const child of before) end(child, 'SIGKILL');
    for (const line of directives.get('CLEANUP') ?? []) spawnSync('/bin/sh', ['-c', line], { cwd: folder });
  }
}

/** @param {import('./cases.mjs').Case} given @param {string} command @param {number} pid */
function lineOf({ program = '', run: line, directives }, command, pid) {
  const json = directives.has('EXPECT_JSON') ? '-q -f json ' : '';
  const text = line ?? `{{BPFTRACE}} ${json}-e '${program.replaceAll("'", "'\\''")}'`;
  return text.replaceAll('{{BPFTRACE}}', command).replaceAll('{{BEFORE_PID}}', String(pid));
}

/** Programs that run already: they are there once their names are those of their files. @param {readonly string[]} lines @param {string} folder */
async function startBefore(lines, folder) {
  const children = lines.map(line => {
    const [file = '', ...args] = line.trim().split(/\s+/);
    return spawn(file, args, { cwd: folder, stdio: 'ignore', detached: true }).on('error', () => {});
  });
  for (const [at, { pid }] of children.entries()) {
    const name = basename(lines[at]?.trim().split(/\s+/).at(-1) ?? '').slice(0, 15);
    for (let tries = 0; tries < 100 && pid !== undefined && nameOf(pid) !== name; tries++)
      await new Promise(resolve => setTimeout(resolve, 20));
  }
  return children;
}

/** @param {number} pid */
function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** With all that it started: it leads a group. @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function end({ pid }, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

/** Beside what is traced, after the probes are attached; ended after its time as Ctrl-C does. @param {string} line @param {import('./cases.mjs').Case['directives']} directives @param {string} folder @returns {Promise<string>} */
function run(line, directives, folder) {
  const pairs = (directives.get('ENV') ?? []).flatMap(text => text.split(' ')).filter(Boolean);
  const added = Object.fromEntries(pairs.map(pair => pair.split('=')));
  const env = { ...process.env, ...added, __BPFTRACE_NOTIFY_PROBES_ATTACHED: '1' };
  const child = spawn('/bin/sh', ['-c', `{ ${line}\n} 2>&1`], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let after;
  let output = '';
  const seconds = Number(directives.get('TIMEOUT')?.[0] ?? 5) + 3;
  const timers = [
    setTimeout(() => end(child, 'SIGINT'), 1_000 * seconds),
    setTimeout(() => end(child, 'SIGKILL'), 1_000 * (seconds + 5)),
  ];
  const [beside] = directives.get('AFTER') ?? [];
  child.stdout.on('data', data => {
    output += data;
    if (beside !== undefined && /Attached \d|PROBES_ATTACHED|attached_probes/.test(output))
      after ??= spawn('/bin/sh', ['-c', beside], { cwd: folder, stdio: 'ignore', detached: true });
  });
  return new Promise(resolve =>
    child.on('close', () => {
      for (const timer of timers) clearTimeout(timer);
      if (after !== undefined) end(after, 'SIGKILL');
      resolve(directives.has('EXPECT_FILE') || directives.has('EXPECT_JSON') ? exactly(output) : output);
    }),
  );
}

/** What a script says itself: neither what was said before its probes were attached, nor how many they are. @param {string} output */
function exactly(output) {
  const [said = ''] = output.split('__BPFTRACE_NOTIFY_PROBES_ATTACHED\n').slice(-1);
  return said.replace(/^Attached \d+ probes?\n/m, '');
}

/** What was expected and is not there. @param {string} output @param {import('./cases.mjs').Case['directives']} directives @param {string} folder */
function missingIn(output, directives, folder) {
  const all = (/** @type {string} */ word) => directives.get(word) ?? [];
  const says = (/** @type {string} */ text) =>
    new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`, 'm').test(output);
  const fits = (/** @type {string} */ text) => new RegExp(withoutModifiers(text), 'm').test(output);
  return (
    all('EXPECT').find(text => !says(text)) ??
    all('EXPECT_REGEX').find(text => !fits(text)) ??
    all('EXPECT_NONE').find(says) ??
    all('EXPECT_REGEX_NONE').find(fits) ??
    all('EXPECT_FILE').find(
      path => readFileSync(join(folder, path.trim()), 'utf8').trim() !== output.trim(),
    ) ??
    all('EXPECT_JSON').find(path => !isSameJson(readFileSync(join(folder, path.trim()), 'utf8'), output))
  );
}

/** `(?s:.*)` is Python's: older JavaScript has no flags within an expression. @param {string} text */
function withoutModifiers(text) {
  return text.replace(/\(\?s:([^)]*)\)/g, (_, inner) => `(?:${inner.replaceAll('.', '[\\s\\S]')})`);
}

/** A value a line. @param {string} expected @param {string} output */
function isSameJson(expected, output) {
  try {
    return canonical(expected) === canonical(output);
  } catch {
    return false;
  }
}

/** @param {string} text */
function canonical(text) {
  const values =
    text.trim().startsWith('[') || /^\{\s*\n/.test(text.trim()) ? [text] : text.trim().split('\n');
  return values.map(line => JSON.stringify(sorted(JSON.parse(line)))).join('\n');
}

/** @param {unknown} value @returns {unknown} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, each]) => [name, sorted(each)]),
  );
}
