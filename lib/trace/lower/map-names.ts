/** Maps of a script that are none of its own: how its programs and the process call them. */
import type { TextTable } from '../tables.js';

export const ringMap = '.events';
export const controlMap = '.control';
export const lostMap = '.lost';

export function tableMap(table: TextTable): string {
  return `.${table}`;
}
