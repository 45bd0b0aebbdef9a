// `npm run build`: the addon in build/Release, the library and its tools in dist.
import { prepare } from './prepare.mjs';
import { addon, library, npmPackages, sources, tools } from './steps.mjs';

await prepare(['build', 'bpf'], [npmPackages, addon, library, sources, tools]);
