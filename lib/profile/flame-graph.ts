/** Flame graphs: frames as boxes as wide as they count, callers below callees. */
import { argumentError, requireOptions, requireText } from '../errors/arguments.js';
import { escapeXml } from '../errors/escape.js';
import { flameScript } from './flame-script.js';
import { type FlameNode, narrowest } from './flame-tree.js';
import type { ProfileUnit } from './profile.js';

/** Options of {@link Profile.flameGraph}. */
export interface FlameGraphOptions {
  /** Above the graph; `Flame graph` by default. */
  readonly title?: string;
  /** In pixels; 1,200 by default. */
  readonly width?: number;
  /** No more frames are drawn: the narrowest of a caller are one box, so that sums stay. 10,000 by default. */
  readonly maxFrames?: number;
}

const rowHeight = 16;
const margin = 10;
/** Of the title and of the line that tells of a frame. */
const [headHeight, footHeight] = [40, 30];
/** A letter is about so wide. */
const letterWidth = 7;

/** The SVG of a tree of frames. @throws BpfError `ERR_BPF_ARGUMENT` */
export function flameGraph(root: FlameNode, unit: ProfileUnit, options: FlameGraphOptions): string {
  const { title = 'Flame graph', width = 1200, maxFrames = 10_000 } = checked(options);
  const boxes = boxesOf(root, narrowest(root, maxFrames));
  const depth = boxes.reduce((most, box) => Math.max(most, box.depth), 0) + 1;
  const height = headHeight + depth * rowHeight + footHeight;
  const scale = (width - 2 * margin) / (root.value || 1);
  const sheet = { scale, bottom: height - footHeight, root, unit };
  const drawn = boxes.map(box => drawBox(box, sheet));
  return [...head(title, width, height, unit), ...drawn, '</g>', ...foot(height), '</svg>', ''].join('\n');
}

function checked(options: FlameGraphOptions): FlameGraphOptions {
  requireOptions('draw a flame graph', options, ['title', 'width', 'maxFrames']);
  const { title, width = 1200, maxFrames = 1 } = options;
  if (title !== undefined) requireText('draw a flame graph', 'title', title);
  if (!(width >= 100 && width <= 100_000)) throw wrong('width', width, '100 to 100000 pixels');
  if (!(maxFrames >= 1 && maxFrames <= 1_000_000)) throw wrong('maxFrames', maxFrames, '1 to 1000000');
  return options;
}

function wrong(name: string, value: unknown, range: string) {
  return argumentError('draw a flame graph', `${name} is a number from ${range}, not ${String(value)}`);
}

/** A frame's place: in units of the profile, and in rows from below. */
interface Box {
  readonly node: Omit<FlameNode, 'callees'>;
  readonly start: number;
  readonly depth: number;
}

/**
 * Callees of a caller in the order of their names; those that are too narrow are one, at the end.
 *
 * @param hidden - so much is too narrow
 */
function boxesOf(root: FlameNode, hidden: number): Box[] {
  const boxes: Box[] = [];
  const waiting = [{ node: root, start: 0, depth: 0 }];
  for (let box = waiting.pop(); box; box = waiting.pop()) {
    boxes.push(box);
    const rest: Box['node'] = { name: '…', kind: 'rest', value: 0, before: 0 };
    let { start } = box;
    const callees = [...box.node.callees.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const node of callees) {
      if (node.value <= hidden) {
        rest.value += node.value;
        rest.before += node.before;
        continue;
      }
      waiting.push({ node, start, depth: box.depth + 1 });
      start += node.value;
    }
    if (rest.value > 0) boxes.push({ node: rest, start, depth: box.depth + 1 });
  }
  return boxes;
}

/** What all boxes share. */
interface Sheet {
  readonly scale: number;
  /** Of the lowest row, in pixels from above. */
  readonly bottom: number;
  readonly root: FlameNode;
  readonly unit: string;
}

function drawBox({ node, start, depth }: Box, { scale, bottom, root, unit }: Sheet): string {
  const [x, width] = [margin + start * scale, node.value * scale];
  const y = bottom - (depth + 1) * rowHeight;
  const label = `${node.name} (${node.value} ${unit}, ${shares(node, root)})`;
  const shown = shortened(node.name, width);
  return [
    `<g class="f" data-n="${escapeXml(node.name)}" data-s="${start}" data-v="${node.value}" data-d="${depth}">`,
    `<title>${escapeXml(label)}</title>`,
    `<rect x="${round(x)}" y="${y}" width="${round(width)}" height="${rowHeight - 1}" fill="${colorOf(node, root)}"/>`,
    `<text x="${round(x + 3)}" y="${y + 11.5}">${escapeXml(shown)}</text></g>`,
  ].join('');
}

function shortened(name: string, width: number): string {
  const letters = Math.floor((width - 6) / letterWidth);
  if (letters < 3) return '';
  return name.length <= letters ? name : `${name.slice(0, letters - 2)}..`;
}

/** Of all, and how that changed where the profile is compared with another. */
function shares(node: Box['node'], root: FlameNode): string {
  const share = `${(100 * shareOf(node.value, root.value)).toFixed(2)} %`;
  if (root.before === 0) return share;
  const change = 100 * changeOf(node, root);
  return `${share}, ${change < 0 ? '' : '+'}${change.toFixed(2)} points`;
}

function shareOf(value: number, total: number): number {
  return total === 0 ? 0 : value / total;
}

/** From -1 to 1. */
function changeOf({ value, before }: Box['node'], root: FlameNode): number {
  return shareOf(value, root.value) - shareOf(before, root.before);
}

/** By kind, and a shade by the name: a frame has the same colour in every graph. */
const hues: Readonly<Record<FlameNode['kind'], number>> = {
  root: 45,
  process: 45,
  state: 300,
  native: 20,
  jit: 130,
  kernel: 210,
  bpf: 270,
  unknown: 0,
  rest: 0,
};

function colorOf(node: Box['node'], root: FlameNode): string {
  if (root.before > 0) return changeColor(changeOf(node, root));
  const { name, kind } = node;
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (hash * 31 + name.charCodeAt(i)) & 0xffff;
  const isGrey = kind === 'unknown' || kind === 'rest';
  return `hsl(${hues[kind] + (hash % 24) - 12},${isGrey ? 0 : 80}%,${64 + (hash % 13)}%)`;
}

/** Red for what grew, blue for what shrank, the deeper the more; ten points are all of it. */
function changeColor(change: number): string {
  const depth = Math.min(1, Math.abs(change) / 0.1);
  return `hsl(${change > 0 ? 0 : 220},90%,${Math.round(97 - 40 * depth)}%)`;
}

function head(title: string, width: number, height: number, unit: string): string[] {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} data-unit="${unit}" font-family="monospace" font-size="12">`,
    `<style>.f{cursor:pointer}.f:hover rect{stroke:#000}.dim{opacity:.5}.button{cursor:pointer;fill:#555}</style>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${width / 2}" y="24" text-anchor="middle" font-size="17">${escapeXml(title)}</text>`,
    `<text id="reset" class="button" x="${margin}" y="24" visibility="hidden">Reset zoom</text>`,
    `<text id="search" class="button" x="${width - margin}" y="24" text-anchor="end">Search</text>`,
    `<g id="frames">`,
  ];
}

function foot(height: number): string[] {
  const y = height - 10;
  return [
    `<text id="details" x="${margin}" y="${y}"> </text>`,
    `<text id="matched" x="${margin}" y="${y}" text-anchor="end" transform="translate(0)"> </text>`,
    `<script><![CDATA[${flameScript}]]></script>`,
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
