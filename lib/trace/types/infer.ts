/** All types of a script. */
import type { TraceTarget } from '../machine.js';
import { isMissing, type ProbePlan } from '../probes/plan.js';
import { plansOf } from '../probes/providers.js';
import type { Settings } from '../settings.js';
import type { Script } from '../text/script.js';
import type { MapDeclaration, Probe } from '../tree/tree.js';
import type { MapUse, TypedProgram, Unit } from './program.js';
import { typeStatements } from './statements.js';
import { type Type, unknown } from './type.js';
import { Typing } from './typing.js';

/** Types grow, and do not grow for ever: integers have four sizes. */
const mostRounds = 12;

/** @throws BpfError where a type cannot be told, or two do not fit */
export function infer(
  probes: readonly Probe[],
  declared: readonly MapDeclaration[],
  script: Script,
  settings: Settings,
  target: TraceTarget,
): TypedProgram {
  const units = probes.flatMap(probe =>
    plansOfProbe(probe, script, settings, target).map(plan => ({ probe, plan, types: new Map() })),
  );
  const maps = new Map(declared.map(each => [each.name, declaredUse(each)]));
  const variables = new Map<string, Type>();
  const [first] = units;
  if (first === undefined)
    throw script.error({ start: 0, end: script.text.length }, 'the script has no probe');
  const typing = new Typing({ script, target, settings, maps, variables, unit: first });
  settle(typing, units);
  requireTypes(typing, maps);
  return { script, settings, units, maps, variables };
}

/** All that its points name. @throws BpfError where something is missing, unless the script says that it may be */
function plansOfProbe(
  { points }: Probe,
  script: Script,
  { missing_probes: onMissing }: Settings,
  target: TraceTarget,
): ProbePlan[] {
  const found = points.map(point => ({ point, plans: plansOf(point, script, target) }));
  const plans = found.flatMap(each => (isMissing(each.plans) ? [] : each.plans));
  if (onMissing !== 'error') return plans;
  for (const { point, plans: missing } of found)
    if (isMissing(missing) && (plans.length === 0 || !missing.isPattern))
      throw script.error(point, missing.missing, missing.hint ?? missingHint);
  return plans;
}

const missingHint = 'config = { missing_probes = ignore } lets it be';

function declaredUse({ name, type, maxEntries }: MapDeclaration): MapUse {
  return { name, value: unknown, kind: type, maxEntries: Number(maxEntries) };
}

function settle(typing: Typing, units: readonly Unit[]): void {
  for (let round = 0; round < mostRounds; round++) {
    typing.hasChanged = false;
    for (const unit of units) typeUnit(typing, unit);
    if (typing.hasChanged) continue;
    if (typing.isFinal) return;
    typing.isFinal = true;
  }
}

function typeUnit(typing: Typing, unit: Unit): void {
  typing.unit = unit;
  if (unit.probe.predicate) typing.typeOf(unit.probe.predicate);
  typeStatements(typing, unit.probe.body);
}

function requireTypes({ script }: Typing, maps: ReadonlyMap<string, MapUse>): void {
  for (const { name, value } of maps.values()) {
    if (value.kind !== 'unknown') continue;
    const at = Math.max(0, script.text.search(new RegExp(`@${name}\\b`)));
    throw script.error({ start: at, end: at + name.length + 1 }, `@${name} is never assigned a value`);
  }
}
