// `npm run setup`: everything that the demo, the tests and the linters need.
import { prepare } from './prepare.mjs';

await prepare(['build', 'bpf', 'test', 'docs', 'lint']);
