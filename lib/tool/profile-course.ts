/** The course of tools that show stacks: from its start to its end, and at intervals where it has them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../command/command.js';
import { print, printFile, warn } from '../command/output.js';
import {
  type Profile,
  type ProfileTarget,
  type RunningProfile,
  type StartProfileOptions,
  startProfile,
} from '../profile/index.js';
import { timeText } from './columns.js';
import { counted } from './losses.js';
import { wholeNumber } from './numbers.js';
import {
  encodeProfile,
  type ProfileForm,
  profileForms,
  profileJson,
  profileText,
  valueText,
} from './profile-text.js';

/** What a tool asks of a profile. */
export type ProfileSettings = {
  readonly [Name in 'mode' | 'frequency' | 'minimum']?: StartProfileOptions[Name] | undefined;
};

/** What the session knows. */
export interface ProfileCourse {
  readonly tool: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly interval: number | undefined;
  readonly count: number | undefined;
}

const mostStacks = 20;

/** @param begin - starts the command, which is followed by the profile's own list of processes */
export async function runProfile(
  course: ProfileCourse,
  target: ProfileTarget,
  { mode, frequency, minimum }: ProfileSettings,
  begin: (running: RunningProfile, isText: boolean) => void,
): Promise<void> {
  const form = formOf(course);
  const show = printer(course, form);
  await using running = await startProfile({
    ...target,
    ...(mode !== undefined && { mode }),
    ...(frequency !== undefined && { frequency }),
    ...(minimum !== undefined && { minimum }),
  });
  begin(running, form === undefined);
  const { signal, count, interval = count === undefined ? undefined : 1000 } = course;
  let left = count ?? Number.POSITIVE_INFINITY;
  for (; left > 0 && !(await endsWithin(interval, signal)); left--) show(await running.read());
  const found = await running.stop();
  if (left > 0) show(found);
  warn(`${summary(found)}\n`);
}

async function endsWithin(time: number | undefined, signal: AbortSignal): Promise<boolean> {
  await sleep(time ?? 2 ** 31 - 1, undefined, { signal }).catch(() => {});
  return signal.aborted;
}

/** @throws UsageError where two forms are asked for, bytes would go to a terminal, or a whole file be printed twice */
function formOf({ tool, options, interval, count }: ProfileCourse): ProfileForm | 'json' | undefined {
  const [form, another] = (['json', ...profileForms] as const).filter(each => options[each] === true);
  if (another) throw new UsageError(tool, `one form at a time: --${form} or --${another}`);
  if (form === 'pprof' && process.stdout.isTTY)
    throw new UsageError(tool, '--pprof is no text: send it to a file, > profile.pb.gz');
  const isFile = form !== undefined && form !== 'json' && form !== 'folded';
  if (isFile && (interval ?? count) !== undefined)
    throw new UsageError(tool, `--${form} is one file: leave out --interval and --count`);
  return form;
}

function printer({ tool, options, interval }: ProfileCourse, form: ProfileForm | 'json' | undefined) {
  const most = wholeNumber(tool, 'top', options.top as string | undefined, 1) ?? mostStacks;
  return (profile: Profile) => {
    if (form === 'json') print(profileJson(profile));
    else if (form !== undefined) printFile(encodeProfile(profile, form, tool));
    else print(`${interval === undefined ? '' : `${timeText(new Date())}\n`}${profileText(profile, most)}`);
  };
}

/** What is said at the end, beside the profile. */
function summary(profile: Profile): string {
  const { total, unit, stacks, lost } = profile;
  const [broken] = profile.brokenStacks();
  const cut =
    broken && broken.share >= 0.005
      ? [`${(100 * broken.share).toFixed(0)} % in stacks that are cut in ${broken.module ?? 'unknown code'}`]
      : [];
  return [`${valueText(total, unit)} in ${counted(stacks.length, 'stack')}`, `${lost} lost`, ...cut].join(
    '; ',
  );
}
