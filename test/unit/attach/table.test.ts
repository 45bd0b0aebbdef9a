/** lib/attach/README.md is the table of kinds, for people: `vitest -u` writes it. */
import { expect, it } from 'vitest';
import type { AttachKind } from '../../../lib/attach/attach-kind.js';
import { attachKinds } from '../../../lib/attach/table.js';

const head = `# Ways to attach

Every section of libbpf 1.7, by kind: since which Linux it attaches (and which of its sections came later), what the
kernel must be built with beside \`CONFIG_BPF_SYSCALL\`, the capabilities that loading and attaching take beside
\`CAP_BPF\`, and since when its programs have a cookie. A \`/…\` behind a section names the target; \`attach()\` takes
what the section does not say. Without \`CAP_SYS_ADMIN\`, kernels since 2025 refuse a single uprobe; \`uprobe.multi\`
does without it, and so does USDT where the kernel has that. Where an option is named last, it may be several names, of
which the first that is there is taken, and \`link.target\` says which:
\`attach({ function: ['free_it', 'free_it.isra.0'] })\`; of those whose target BTF names, \`setAttachTarget()\` takes
several before load. The table is written from the rows of this folder's files, which
\`table.ts\` collects, as are the types of \`attach()\`.

| kind | sections | Linux | CONFIG | capabilities | cookie | attached |
| --- | --- | --- | --- | --- | --- | --- |
`;

function row([name, kind]: [string, AttachKind]): string {
  const { sections, since, later = {}, config, cookie = '', bySection, oneOf, instead } = kind;
  const named = sections.map(section => {
    const version = later[section] === undefined ? '' : ` (${later[section]})`;
    return `\`${section.replace('+', '/…')}\`${version}`;
  });
  const how = instead ?? (bySection ? 'by `attach()`, of the whole object too' : 'by `attach()`');
  const choice = oneOf === undefined ? '' : `; \`${oneOf}\``;
  const more = kind.capabilities.filter(capability => capability !== 'CAP_BPF').join(', ');
  const cells = [name, named.join(', '), since, config.join(', '), more, cookie, how + choice];
  return `| ${cells.join(' | ')} |\n`;
}

it('the table for people says what the table says', async () => {
  const table = Object.entries<AttachKind>(attachKinds).map(row).join('');
  await expect(head + table).toMatchFileSnapshot('../../../lib/attach/README.md');
});
