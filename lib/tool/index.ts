/** The public door `libbpf-ts/tool`: tools of one's own, with the options, filters and output of those that are here. */

export type { Command, Input, Option, Options, ValueOfOption } from '../command/command.js';
export { absolutePath } from './absolute-path.js';
export type { StandardColumn, ToolColumn } from './columns.js';
export { type CountedMap, countReader, type GrownCount } from './counts.js';
export { defineTool, type Tool, type ToolDescription } from './define-tool.js';
export { errnoName } from './errno-name.js';
export type { RefusedFilters, TaskFilters } from './filters.js';
export { histogramReader, type KeyedHistogram, log2Rows } from './histograms.js';
export type { FilterName } from './options.js';
export type { ProfileSettings } from './profile-course.js';
export { ToolSession } from './session.js';
export { type Stamped, stamped } from './stamp.js';
export type {
  EventRows,
  IntervalHistograms,
  IntervalRows,
  ListedRows,
  ToolHistogram,
  TracedEvents,
  TracingObject,
  TracingOptions,
} from './tracing.js';
export type { OpenedForTracing, TracingWays } from './ways.js';
