/** The types of `attach()`: from the section's text to the options that it takes. */
import type { AttachKindName, attachKinds, OptionsByKind } from './table.js';

type Table = typeof attachKinds;
type Pattern<Kind extends AttachKindName> = Table[Kind]['sections'][number];

/** `never` where the section does not match. */
export type Matching<S extends string, P extends string> = P extends `${infer Prefix}+`
  ? S extends Prefix | `${Prefix}/${string}`
    ? P
    : never
  : S extends P
    ? P
    : never;

/** The kind that a section means; `never` for none. */
export type KindOf<S extends string> = {
  [Kind in AttachKindName]: [Matching<S, Pattern<Kind>>] extends [never] ? never : Kind;
}[AttachKindName];

/** True when something stands behind the slash of a section that allows it. */
type HasTarget<S extends string, P extends string> = P extends `${infer Prefix}+`
  ? S extends `${Prefix}/${string}`
    ? true
    : never
  : never;

/** A target that is enough; that of `lsm_cgroup/…` names the function, and not the cgroup. */
type IsSaid<S extends string, Kind extends AttachKindName> = Table[Kind] extends { bySection: true }
  ? HasTarget<S, Pattern<Kind>>
  : never;

/** A type error that is a sentence. */
export interface CannotAttach<Why extends string> {
  readonly 'this program cannot be attached': Why;
}

/** Where the table has `oneOf`, that option may be several names. */
type OrSeveral<Given, Row> = Row extends { readonly oneOf: infer Option }
  ? { readonly [Key in keyof Given]: Key extends Option ? Given[Key] | readonly string[] : Given[Key] }
  : Given;

type Options<Kind> = Kind extends keyof OptionsByKind & AttachKindName
  ? OrSeveral<OptionsByKind[Kind], Table[Kind]>
  : never;

/** Optional where the section, or nothing, has to be said. */
type Arguments<Given, Said> = true extends Said
  ? [options?: Partial<Given>]
  : Record<never, never> extends Given
    ? [options?: Given]
    : [options: Given];

/** What `attach()` takes for a program of section `S`. */
export type AttachArguments<S extends string> = string extends S
  ? [options?: AnyAttachOptions]
  : [KindOf<S>] extends [never]
    ? [cannot: CannotAttach<`libbpf knows no section ${S}`>]
    : Table[KindOf<S>] extends { instead: infer Instead extends string }
      ? [cannot: CannotAttach<Instead>]
      : Arguments<Options<KindOf<S>>, IsSaid<S, KindOf<S>>>;

/** For programs whose section is known at run time only. */
export type AnyAttachOptions = {
  [Kind in keyof OptionsByKind]: Partial<Options<Kind>>;
}[keyof OptionsByKind];
