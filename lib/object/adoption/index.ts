/** The door of the adoption room: objects that outlive their process. */
export {
  type Adoption,
  type AdoptOptions,
  loadOrAdopt,
  loadOrAdoptSync,
  type StructOpsTableOf,
} from './adoption.js';
export type { AdoptedPart, Outcome } from './part.js';
