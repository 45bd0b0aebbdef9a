/** The types of `attach()`: from the section's text to the options that it takes. */
import type {
  AttachKindBySection,
  AttachKindName,
  AttachOptionsByKind,
  InsteadOfAttach,
  SectionsByKind,
} from './table.js';

/** A pattern of sections, as `fentry+`, where a section is one of its; `never` where it is not. */
export type SectionMatch<S extends string, Pattern extends string> = Pattern extends `${infer Prefix}+`
  ? S extends Prefix | `${Prefix}/${string}`
    ? Pattern
    : never
  : S extends Pattern
    ? Pattern
    : never;

/** The kind of attachment that a section means, as `kprobe`; `never` for none. */
export type AttachKindOf<S extends string> = {
  [Kind in AttachKindName]: [SectionMatch<S, SectionsByKind[Kind]>] extends [never] ? never : Kind;
}[AttachKindName];

/** `true` where the section alone says what to attach to, else `never`. */
export type SectionTarget<S extends string> = {
  [Kind in AttachKindBySection]: SectionsByKind[Kind] extends infer Pattern
    ? Pattern extends `${infer Prefix}+`
      ? S extends `${Prefix}/${string}`
        ? true
        : never
      : never
    : never;
}[AttachKindBySection & AttachKindOf<S>];

/** A type error that is a sentence. */
export interface CannotAttach<Why extends string> {
  readonly 'this program cannot be attached': Why;
}

/** What `attach()` takes for a program of section `S`; optional where the section, or nothing, has to be said. */
export type AttachArguments<S extends string> = string extends S
  ? [options?: AnyAttachOptions]
  : [AttachKindOf<S>] extends [never]
    ? [cannot: CannotAttach<`libbpf knows no section ${S}`>]
    : AttachKindOf<S> extends infer Kind extends keyof AttachOptionsByKind
      ? true extends SectionTarget<S>
        ? [options?: Partial<AttachOptionsByKind[Kind]>]
        : Record<never, never> extends AttachOptionsByKind[Kind]
          ? [options?: AttachOptionsByKind[Kind]]
          : [options: AttachOptionsByKind[Kind]]
      : [cannot: CannotAttach<InsteadOfAttach[AttachKindOf<S> & keyof InsteadOfAttach]>];

/** For programs whose section is known at run time only. */
export type AnyAttachOptions = {
  [Kind in keyof AttachOptionsByKind]: Partial<AttachOptionsByKind[Kind]>;
}[keyof AttachOptionsByKind];
