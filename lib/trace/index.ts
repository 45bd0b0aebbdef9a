/** The public door `libbpf-ts/trace`: bpftrace's language, compiled to BPF without a compiler, and run. */
export {
  CompiledTrace,
  type CompileTraceOptions,
  compileTrace,
  type StartTraceOptions,
  type TraceScriptOptions,
  type TraceTag,
  type TraceTemplateValue,
  trace,
} from './compiled-trace.js';
export { type TraceFeature, type TraceFeatureState, traceFeatures } from './features.js';
export type { TraceTarget, UsdtTarget } from './machine.js';
export type { TraceData, TraceMap, TraceMapValue, TraceStats } from './map-value.js';
export type { TraceBucket } from './print/maps.js';
export { type TracePrinter, tracePrinter } from './print/trace-printer.js';
export type { TraceEvent, TraceLoss, TraceMapEvent, TraceTextEvent, TraceValueEvent } from './run/events.js';
export { type ListTraceOptions, listTraceProbes } from './run/list.js';
export type { Trace } from './trace.js';
