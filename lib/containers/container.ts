/** Containers, as engines name cgroups after them. */

/** What runs a container. */
export type ContainerEngine =
  | 'docker'
  | 'containerd'
  | 'cri-o'
  | 'podman'
  | 'ecs'
  | 'garden'
  | 'lxc'
  | 'systemd-nspawn';

/** The pod of Kubernetes that a container belongs to. */
export interface Pod {
  /** Its `metadata.uid`; of a static pod the hash of its configuration. */
  readonly uid: string;
  readonly qos: 'guaranteed' | 'burstable' | 'besteffort' | undefined;
}

/** One container. */
export interface Container {
  /**
   * As its engine names it: 64 hexadecimal digits, of LXC and systemd-nspawn a name. Undefined where the pod alone is known:
   * of this process in a container of containerd with a cgroup namespace of its own.
   */
  readonly id: string | undefined;
  /** Undefined where the cgroup's name does not tell: those of containerd and Docker may be the id alone. */
  readonly engine: ContainerEngine | undefined;
  readonly pod: Pod | undefined;
  /** Its cgroup, as a path below the root of the hierarchy; undefined where that is hidden. */
  readonly cgroup: string | undefined;
  /** The container that it runs in, as those of a node that is a container itself. */
  readonly outer: Container | undefined;
}
