/** The commands of a clone, on machines where they cannot work: one sentence that says why and what to do. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const goodMachine = `Object.defineProperty(process, 'platform', { value: 'linux', configurable: true });
  process.getuid = () => 0`;

/** What `npm run demo` says, and nothing else, when the machine differs by this. */
function refusal(difference: string): string {
  const script = `${goodMachine}; ${difference}; import('./.setup/machine.mjs').then(({ checkMachine }) => checkMachine());`;
  try {
    execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return String((error as { stderr: string }).stderr).trim();
  }
  throw new Error('the machine was accepted');
}

describe('a machine that', () => {
  it.each([
    [
      'is no Linux',
      `Object.defineProperty(process, 'platform', { value: 'darwin' })`,
      /darwin install a Linux VM/,
    ],
    ['has an old Node', node('18.20.4'), /Node 20\.19 or newer/],
    ['has an old Node 20', node('20.9.0'), /Node 20\.19 or newer/],
    ['is used without root', 'process.getuid = () => 1000', /root: run the same command with sudo/],
    ['has no BTF', noFiles('/sys/kernel/btf/vmlinux'), /CONFIG_DEBUG_INFO_BTF=y/],
  ])('%s is told what to do in one sentence', (_, difference, remedy) => {
    const sentence = refusal(difference);
    expect(sentence).toMatch(remedy);
    expect(sentence).toMatch(/^[^\n]+\.$/);
  });
});

function node(version: string): string {
  return `globalThis.process = Object.create(process, { versions: { value: { node: '${version}' } } })`;
}

function noFiles(path: string): string {
  const whole = `const { existsSync } = fs; fs.existsSync = path => path !== '${path}' && existsSync(path)`;
  return `const fs = require('node:fs'); ${whole}; require('node:module').syncBuiltinESMExports()`;
}
