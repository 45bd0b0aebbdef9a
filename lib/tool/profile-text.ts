/** A profile as tools print it. */
import type { Profile, ProfileStack } from '../profile/index.js';
import { formatFrame } from '../symbols/index.js';

/** Forms of a profile, by the options that ask for them. */
export const profileForms = ['folded', 'svg', 'pprof', 'speedscope'] as const;
/** One of them; without, text for people. */
export type ProfileForm = (typeof profileForms)[number];

/** The whole of it in a form for programs. */
export function encodeProfile(profile: Profile, form: ProfileForm, title: string): string | Uint8Array {
  if (form === 'folded') return profile.folded();
  if (form === 'svg') return profile.flameGraph({ title });
  return form === 'pprof' ? profile.pprof() : `${profile.speedscope(title)}\n`;
}

/** A line of JSON for each stack, the heaviest first. */
export function profileJson(profile: Profile): string {
  const lines = heaviest(profile).map(({ process, state, frames, value }) => {
    const named = frames.map(({ kind, name, module, offset, source }) => ({
      kind,
      name,
      module,
      offset,
      source,
    }));
    return JSON.stringify({ process, state, value, unit: profile.unit, frames: named });
  });
  return lines.map(line => `${line}\n`).join('');
}

/** The heaviest stacks, each with its frames, the innermost first; the heaviest is the last, above the prompt. */
export function profileText(profile: Profile, most: number): string {
  const stacks = heaviest(profile).slice(0, most).reverse();
  return stacks.map(stack => `${stackText(stack, profile)}\n`).join('');
}

function heaviest({ stacks }: Profile): ProfileStack[] {
  return [...stacks].sort((a, b) => b.value - a.value);
}

function stackText({ process, state, frames, value }: ProfileStack, { unit, total }: Profile): string {
  const share = `${((100 * value) / total).toFixed(1)} %`;
  const what = [valueText(value, unit), share, process, ...(state === undefined ? [] : [`[${state}]`])];
  return [what.join('  '), ...frames.map(frame => `    ${formatFrame(frame)}`), ''].join('\n');
}

/** A value with its unit, as people read it. */
export function valueText(value: number, unit: Profile['unit']): string {
  if (unit === 'samples') return value === 1 ? '1 sample' : `${value} samples`;
  const [scale, small, large] = unit === 'nanoseconds' ? [1e6, 'ms', 's'] : [1e3, 'kB', 'MB'];
  return value < 1000 * scale
    ? `${(value / scale).toFixed(3)} ${small}`
    : `${(value / scale / 1000).toFixed(3)} ${large}`;
}
