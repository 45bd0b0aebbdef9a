// `npm run build`: the addon in build/Release and the library in dist.
import { prepare } from './prepare.mjs';
import { addon, library, npmPackages } from './steps.mjs';

await prepare(['build'], [npmPackages, addon, library]);
