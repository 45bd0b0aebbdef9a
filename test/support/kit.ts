/** Two namespaces with a pair of netkit devices between them, on kernels that have these. */
import { Namespace } from './network.js';

/** Both ends are called `kit`; the left one manages both. */
export class Kit implements Disposable {
  readonly left = new Namespace();
  readonly right = new Namespace();

  constructor() {
    const { left, right } = this;
    // An `ip` that does not know the kind makes them with their defaults.
    left.ip('link add kit type netkit', `link set nk0 netns ${right.name} name kit`);
    for (const [index, end] of [left, right].entries())
      end.ip(`address add 10.78.0.${index + 1}/24 dev kit`, 'link set kit up');
  }

  get place() {
    return { interface: 'kit', netns: this.left.path };
  }

  /** Pings from one end to the other: how many of them were answered. */
  ping(from: 'left' | 'right', times: number, seconds?: number): Promise<number> {
    return this[from].ping(from === 'left' ? '10.78.0.2' : '10.78.0.1', times, seconds);
  }

  [Symbol.dispose](): void {
    this.left[Symbol.dispose]();
    this.right[Symbol.dispose]();
  }
}
