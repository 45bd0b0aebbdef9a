// QEMU's command line: a processor by software, the host's files, and one port for each channel.

/** @typedef {import('./kernel-image.mjs').KernelImage} KernelImage */

/** What differs between processors. */
const machines = {
  amd64: { program: 'qemu-system-x86_64', machine: 'q35', console: 'ttyS0' },
  arm64: { program: 'qemu-system-aarch64', machine: 'virt', console: 'ttyAMA0' },
};

/**
 * One thread for both processors: with one for each, QEMU 7.2 now and then runs kernel text that the other one has patched
 * since, as a tracepoint's jump, and the kernel panics over a breakpoint that is gone or a tracepoint stays silent.
 */
const accelerator = 'tcg,thread=single';
const memory = '2G';
/** A processor that makes no headway for two minutes is a panic, which ends the machine; less than that is a busy host. */
const watchdog = 'softlockup_panic=1 watchdog_thresh=60';
const options = `loglevel=5 panic=-1 ${watchdog} mitigations=off random.trust_cpu=on lsm=lockdown,yama,bpf`;

/**
 * @param {KernelImage} image
 * @param {string} initrd
 * @param {string} socket virtiofsd's
 * @param {readonly string[]} channels the console first
 * @param {number} firstDescriptor the console's; each channel gets the one after the one before it
 */
export function emulator({ kernel, vmlinuz }, initrd, socket, channels, firstDescriptor) {
  const { program, machine, console } = machines[kernel.architecture];
  return [
    program,
    ...['-accel', accelerator, '-M', machine, '-cpu', kernel.cpu, '-smp', '2', '-m', memory],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', vmlinuz, '-initrd', initrd, '-append', `console=${console} ${options}`],
    ...channels.flatMap((name, at) => ['-chardev', `socket,id=${name},fd=${firstDescriptor + at}`]),
    ...['-serial', 'chardev:console', '-device', 'virtio-serial-pci', ...channels.slice(1).flatMap(port)],
    ...['-object', `memory-backend-memfd,id=memory,size=${memory},share=on`, '-numa', 'node,memdev=memory'],
    ...['-chardev', `socket,id=root,path=${socket}`, '-device', 'vhost-user-fs-pci,chardev=root,tag=root'],
  ];
}

/** @param {string} name */
function port(name) {
  const device = name === 'terminal' ? 'virtconsole' : 'virtserialport';
  return ['-device', `${device},chardev=${name},name=${name}`];
}
