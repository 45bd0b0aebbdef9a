/** The table of commands. */
import { btf } from './btf.js';
import { build } from './build.js';
import type { Command } from './command.js';
import { doctor } from './doctor.js';
import { dump } from './dump.js';
import { generate } from './generate.js';
import { init } from './init/init.js';
import { list } from './list.js';
import { rebuild } from './rebuild.js';
import { run } from './run.js';
import { show } from './show.js';
import { top } from './top.js';
import { vmlinux } from './vmlinux.js';

/** In the order in which a newcomer needs them. `help` and `--version` are main's own. */
export const commands: readonly Command[] = [
  init,
  build,
  generate,
  run,
  vmlinux,
  btf,
  doctor,
  list,
  show,
  dump,
  top,
  rebuild,
];
