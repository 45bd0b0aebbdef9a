/** What the plugin may be told. */
import type { BuildOptions } from '../compile/build.js';

/** What the plugin takes; all else is refused. */
export const bundlerOptions: readonly string[] = [
  'clang',
  'flags',
  'btf',
  'targets',
  'types',
  'forms',
  'write',
  'addon',
] satisfies (keyof BundlerOptions)[];

/** How {@link bpfPlugin} builds sources, and what it puts beside the bundle. */
export interface BundlerOptions
  extends Pick<BuildOptions, 'clang' | 'flags' | 'btf' | 'targets' | 'types' | 'forms'> {
  /** Whether the object and its typed module are written beside the source, for editors and tsc. Default: true. */
  readonly write?: boolean | undefined;
  /**
   * The machine whose addon is put beside the bundle: `linux-x64`, `linux-x64-musl`, `linux-arm64`, `linux-arm64-musl`.
   * Default: this one. False for none: the application runs where the package is installed.
   */
  readonly addon?: string | false | undefined;
}
