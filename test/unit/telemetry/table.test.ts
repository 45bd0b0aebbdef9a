/** The table of collectors: names that do not drift, by the rules of OpenTelemetry and Prometheus. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Coverage, MetricRow, TelemetryScope } from '../../../lib/telemetry/metric.js';
import { collectorNames, collectors } from '../../../lib/telemetry/table.js';
import { textName } from '../../../lib/telemetry/text.js';

const rows = collectorNames.flatMap(name =>
  (collectors[name].metrics as readonly MetricRow[]).map(row => ({ collector: name, row })),
);
const scopes: readonly TelemetryScope[] = ['process', 'cgroup', 'host'];

/** What other exporters in the same process use: prom-client's defaults, and OpenTelemetry's for Node. */
const taken =
  /^(nodejs|v8js)_|^process_(cpu_(user_|system_)?seconds|start_time|resident|virtual|heap|open_fds|max_fds)/;

describe('the table', () => {
  it('has names of small words with dots, each once in a scope', () => {
    for (const scope of scopes) {
      const names = rows.map(({ row }) => row.names?.[scope] ?? row.name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^(process|container|system|kernel)(\.[a-z_]+)+$/);
    }
  });

  it('takes no name that others have in a registry', () => {
    expect(rows.map(({ row }) => textName(row)).filter(name => taken.test(name))).toEqual([]);
  });

  it('gives a reason for what it refuses, and helps that are sentences', () => {
    for (const { row } of rows) {
      expect(row.help).toMatch(/^[A-Z].*\.$/);
      for (const coverage of Object.values(row.coverage) as Coverage[])
        if (coverage !== 'exact') expect(coverage.refused.length).toBeGreaterThan(10);
    }
  });

  it('is the one in docs/telemetry.md; `vitest -u` prints it', async () => {
    const written = readFileSync('docs/telemetry.md', 'utf8');
    const printed = written.replace(/^\| metric \|(?:.*\n)+?(?!\|)/m, `${table()}\n`);
    await expect(printed).toMatchFileSnapshot('../../../docs/telemetry.md');
  });
});

/** The list of names, units and attributes: a change of it is a change for every dashboard. */
function table(): string {
  const lines = rows.map(({ collector, row }) => {
    const names = [...new Set([row.name, ...Object.values(row.names ?? {})])].map(code).join(', ');
    const covered = scopes.map(scope => (row.coverage[scope] === 'exact' ? 'yes' : '—'));
    const cells = [
      names,
      code(textName(row)),
      row.kind,
      row.unit,
      row.labels.map(code).join(', '),
      collector,
    ];
    return `| ${[...cells, ...covered].join(' | ')} |`;
  });
  const titles = ['metric', 'in text', 'kind', 'unit', 'attributes', 'collector', ...scopes];
  return [`| ${titles.join(' | ')} |`, `|${'---|'.repeat(titles.length)}`, ...lines].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
