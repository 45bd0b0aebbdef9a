/** Package managers that most people have; test/matrix has the rest. */
import { type Manager, testInstalls } from './installs.js';
import { toolCommand } from './tools.js';

const managers: readonly Manager[] = [
  {
    name: "this machine's npm",
    command: () => 'npm',
    install: ['install', '--no-audit', '--no-fund'],
    again: ['ci', '--no-audit', '--no-fund'],
  },
  {
    name: 'npm 10',
    command: () => toolCommand('npm'),
    install: ['install', '--no-audit', '--no-fund'],
    again: ['ci', '--no-audit', '--no-fund'],
  },
  {
    name: 'pnpm 10',
    command: () => toolCommand('pnpm'),
    install: ['install'],
    again: ['install', '--frozen-lockfile'],
  },
  {
    name: 'yarn 1',
    command: () => toolCommand('yarn'),
    install: ['install', '--no-progress'],
    again: ['install', '--no-progress', '--frozen-lockfile'],
  },
];

testInstalls(managers);
