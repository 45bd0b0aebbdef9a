/** Profiles as https://speedscope.app reads them, by its file format's schema. */
import { nameOf, stateName } from './folded.js';
import type { Profile, ProfileUnit } from './profile.js';

const schema = 'https://www.speedscope.app/file-format-schema.json';
const units: Readonly<Record<ProfileUnit, string>> = {
  samples: 'none',
  nanoseconds: 'nanoseconds',
  bytes: 'bytes',
};

/** One frame of the file's shared list. */
interface SharedFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

/** What the file holds. */
export function speedscopeProfile(profile: Profile, name: string): object {
  const frames: SharedFrame[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (frame: SharedFrame) => {
    const key = `${frame.name}\0${frame.file}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, frames.length);
    return frames.push(frame) - 1;
  };
  const samples = profile.stacks.map(stack => [
    numberOf({ name: stack.process }),
    ...stateName(stack.state).map(name => numberOf({ name })),
    ...stack.frames.toReversed().map(frame => numberOf(sharedFrame(frame))),
  ]);
  const weights = profile.stacks.map(({ value }) => value);
  const sampled = {
    type: 'sampled',
    name,
    unit: units[profile.unit],
    startValue: 0,
    endValue: profile.total,
  };
  return {
    $schema: schema,
    name,
    exporter: 'libbpf-ts',
    shared: { frames },
    profiles: [{ ...sampled, samples, weights }],
  };
}

function sharedFrame(frame: Profile['stacks'][number]['frames'][number]): SharedFrame {
  const { source, module } = frame;
  if (source) return { name: frame.name ?? nameOf(frame), file: source.file, line: source.line };
  return { name: nameOf(frame), ...(module !== undefined && { file: module }) };
}
