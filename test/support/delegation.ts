/** A user namespace of its own to which a BPF file system delegates rights, as a container manager would do it. */

/**
 * Python that runs a command in such a namespace: its first argument is the folder to mount at, the rest the command. The
 * namespace opens the file system, and a process outside with every right says what is delegated.
 */
export const delegation = `
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
FSOPEN, FSCONFIG, FSMOUNT, MOVE_MOUNT = 430, 431, 432, 429
SET_STRING, CREATE = 1, 6
NEWNS, NEWUSER, NEWNET = 0x20000, 0x10000000, 0x40000000

def done(result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result

ours, theirs = socket.socketpair()
child = os.fork()
if child == 0:
    ours.close()
    done(libc.unshare(NEWUSER | NEWNS | NEWNET))
    theirs.send(b'apart')
    theirs.recv(1)
    files = done(libc.syscall(FSOPEN, b'bpf', 0))
    socket.send_fds(theirs, [b'files'], [files])
    theirs.recv(1)
    mount = done(libc.syscall(FSMOUNT, files, 0, 0))
    done(libc.syscall(MOVE_MOUNT, mount, b'', -100, sys.argv[1].encode(), 4))
    os.system('ip link set lo up')
    os.execvp(sys.argv[2], sys.argv[2:])
theirs.close()  # so that a child which fails is no longer waited for
if not ours.recv(5):
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
for name, text in (('setgroups', 'deny'), ('uid_map', '0 0 1'), ('gid_map', '0 0 1')):
    with open(f'/proc/{child}/{name}', 'w') as file:
        file.write(text)
ours.send(b'.')
_, (files, *_), _, _ = socket.recv_fds(ours, 5, 1)
for name in ('delegate_cmds', 'delegate_maps', 'delegate_progs', 'delegate_attachs'):
    done(libc.syscall(FSCONFIG, files, SET_STRING, name.encode(), b'any', 0))
done(libc.syscall(FSCONFIG, files, CREATE, None, None, 0))
ours.send(b'.')
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
`;
