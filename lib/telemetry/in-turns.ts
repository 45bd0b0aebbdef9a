/** Work in pieces, between which the event loop goes round: a service answers its requests while it is scraped. */
import { setImmediate as turn } from 'node:timers/promises';

/** All pieces, when the last one is made. */
export async function inTurns<Piece>(pieces: Iterable<Piece>): Promise<Piece[]> {
  const made: Piece[] = [];
  for (const piece of pieces) {
    made.push(piece);
    await turn();
  }
  return made;
}
