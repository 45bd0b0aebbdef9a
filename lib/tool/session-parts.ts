/** What a run of a tool is made of. */
import type { Input } from '../command/command.js';
import type { ProcessWatcher } from '../processes/index.js';
import type { ProfileTarget } from '../profile/index.js';
import type { Ending } from './ending.js';
import type { TaskFilters } from './filters.js';
import type { TracingWays } from './ways.js';

/** @internal */
export interface SessionParts {
  readonly tool: string;
  /** Whose work a profile is of. */
  readonly target: () => Promise<ProfileTarget>;
  readonly input: Input;
  readonly filters: TaskFilters;
  readonly ending: Ending;
  readonly interval: number | undefined;
  readonly count: number | undefined;
  readonly ways: TracingWays | undefined;
  /** Where rows are to have their processes' containers. */
  readonly processes: ProcessWatcher | undefined;
}
