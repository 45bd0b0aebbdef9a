/** What stand-ins answer in the addon's place: the calls of maps, sections, links and objects. */
import { StandInArray } from './array.js';
import type { Attachments, StandInLink, StandInObject } from './attachments.js';
import { install, type Table } from './front.js';
import type { StandInMap } from './map.js';
import { refusals } from './status.js';
import { userRingCalls } from './user-ring.js';
import { walkCalls, walkJobs } from './walk.js';

type Bytes = Uint8Array;

const mapCalls: Table = {
  mapName: ({ plan }: StandInMap) => plan.name,
  mapType: (map: StandInMap) => map.type,
  mapKeySize: ({ plan }: StandInMap) => plan.keySize,
  mapValueSize: ({ plan }: StandInMap) => plan.valueSize,
  mapMaxEntries: ({ plan }: StandInMap) => plan.maxEntries,
  mapFlags: ({ plan }: StandInMap) => plan.flags,
  mapIsPinned: () => 0,
  /** None: there is no map behind it. */
  mapFd: () => refusals.EOPNOTSUPP,
  /** Memory of our own cannot be bound: buffers are passed. */
  mapBind: () => refusals.EOPNOTSUPP,
  mapLookupElem: (map: StandInMap, key: Bytes, value: Bytes, flags: number) => map.lookup(key, value, flags),
  mapUpdateElem: (map: StandInMap, key: Bytes, value: Bytes, flags: number) => map.update(key, value, flags),
  mapDeleteElem: (map: StandInMap, key: Bytes) => map.remove(key),
  mapLookupAndDeleteElem: (map: StandInMap, key: Bytes, value: Bytes, flags: number) =>
    map.take(key, value, flags),
  mapGetNextKey: (map: StandInMap, key: Bytes | null, next: Bytes) => map.next(key, next),
};

const sectionCalls: Table = {
  mapSectionSize: ({ plan }: StandInMap) => plan.valueSize,
  mapMmap: (map: StandInMap) => (map instanceof StandInArray ? map.lend() : refusals.EOPNOTSUPP),
  mapReadValue(map: StandInArray, offset: number, out: Bytes) {
    out.set(map.section.subarray(offset, offset + out.length));
    return 0;
  },
  mapWriteValue(map: StandInArray, offset: number, bytes: Bytes) {
    map.section.set(bytes, offset);
    return 0;
  },
};

const programCalls: Table = {
  programFd: () => 0,
  programAutoattach: () => 1,
  /** `link`, as for a `bpf_link`. */
  linkVia: () => 0,
  linkDisconnect: () => 0,
  watcherArm: () => 0,
  watcherForget: () => 0,
  watcherTick: () => 0,
  watcherKeepAlive: () => 0,
  watcherClose: () => 0,
};

const jobs: Table = {
  objectClose: (object: StandInObject) => object.close(),
  programAttach: (program: Attachments) => program.attach(),
  linkDestroy: (link: StandInLink) => link.detach(),
  linkDetach: (link: StandInLink) => link.detach(),
  linkUpdate: () => 0,
  programTestRun: () => refusals.EOPNOTSUPP,
};

/** Lets stand-ins be used where native handles are. */
export function answerForStandIns(): void {
  install(
    { ...mapCalls, ...sectionCalls, ...programCalls, ...userRingCalls, ...walkCalls },
    { ...jobs, ...walkJobs },
  );
}
