/** Calls, commands and flags of mounting by their names: <linux/mount.h> and <sys/mount.h>. */

/** enum call_kind in mountsnoop.bpf.c. */
export const callNames = [
  ...['mount', 'umount', 'pivot_root', 'move_mount', 'fsopen', 'fspick', 'fsconfig', 'fsmount'],
  ...['open_tree', 'mount_setattr'],
];

/** enum fsconfig_command. */
export const commandNames = [
  ...['set-flag', 'set-string', 'set-binary', 'set-path', 'set-path-empty', 'set-fd'],
  ...['create', 'reconfigure', 'create-excl'],
];

/** MS_RDONLY and its like, bit by bit. */
const mountFlags = [
  ...['ro', 'nosuid', 'nodev', 'noexec', 'sync', 'remount', 'mand', 'dirsync', 'nosymfollow', '', 'noatime'],
  ...['nodiratime', 'bind', 'move', 'rec', 'silent', 'posixacl', 'unbindable', 'private', 'slave', 'shared'],
  ...['relatime', 'kernmount', 'iversion', 'strictatime', 'lazytime'],
];

/** MNT_FORCE and its like. */
const umountFlags = ['force', 'detach', 'expire', 'nofollow'];

/** MOUNT_ATTR_RDONLY and its like. */
const attributes = ['ro', 'nosuid', 'nodev', 'noexec', 'noatime', 'strictatime', '', 'nodiratime'];

const flagNames: Readonly<Record<string, readonly string[]>> = {
  mount: mountFlags,
  umount: umountFlags,
  fsmount: attributes,
};

/** The flags of a call by their names; those that have none, as one number. */
export function flagsOf(call: string, flags: bigint): string[] {
  const names = flagNames[call] ?? [];
  const isNamed = (bit: number) => ((flags >> BigInt(bit)) & 1n) === 1n && names[bit] !== '';
  const named = names.flatMap((name, bit) => (isNamed(bit) ? [name] : []));
  const rest = names.reduce((left, name, bit) => (name === '' ? left : left & ~(1n << BigInt(bit))), flags);
  return rest === 0n ? named : [...named, `0x${rest.toString(16)}`];
}
