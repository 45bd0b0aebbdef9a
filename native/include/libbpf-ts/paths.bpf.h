// Absolute paths of what a process names: paths of system calls begin at its root, at its working directory
// or at a directory that it has open. The names from there up to the root of its mount namespace are written
// one after the other, so that a chroot shows too.
//
//   __u32 end = path_add_base(event->text, end, dirfd, is_relative);
//
// In TypeScript the names behind the path, from the last to the first, are what stands before it.
#pragma once

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

// Bytes that a text has, and those of one name with its NUL: NAME_MAX in <linux/limits.h> and one.
#define PATH_TEXT_SIZE 8192
#define PATH_NAME_SIZE 256
// Directories and mounts that are followed.
#define PATH_DEPTH 64
// AT_FDCWD in <linux/fcntl.h>.
#define PATH_WORKING_DIRECTORY (-100)
// Set in what path_add_base() answers where names are missing.
#define PATH_TRUNCATED 0x80000000u

// The members that are read of the kernel's types: libbpf ignores a type's name from three underscores on
// (bpf_core_essential_name_len() in relo_core.c).
struct qstr___path {
  const unsigned char* name;
} __attribute__((preserve_access_index));

struct dentry___path {
  struct dentry___path* d_parent;
  struct qstr___path d_name;
} __attribute__((preserve_access_index));

struct vfsmount___path {
  struct dentry___path* mnt_root;
} __attribute__((preserve_access_index));

struct mount___path {
  struct mount___path* mnt_parent;
  struct dentry___path* mnt_mountpoint;
  struct vfsmount___path mnt;
} __attribute__((preserve_access_index));

struct path___path {
  struct vfsmount___path* mnt;
  struct dentry___path* dentry;
} __attribute__((preserve_access_index));

struct fs_struct___path {
  struct path___path root;
  struct path___path pwd;
} __attribute__((preserve_access_index));

struct file___path {
  struct path___path f_path;
} __attribute__((preserve_access_index));

struct fdtable___path {
  unsigned int max_fds;
  struct file___path** fd;
} __attribute__((preserve_access_index));

struct files_struct___path {
  struct fdtable___path* fdt;
} __attribute__((preserve_access_index));

struct task_struct___path {
  struct fs_struct___path* fs;
  struct files_struct___path* files;
} __attribute__((preserve_access_index));

// A place in the tree of mounts.
struct path_place {
  struct mount___path* mount;
  struct dentry___path* dentry;
};

static __always_inline struct mount___path* path_mount_of(struct vfsmount___path* mnt) {
  return (void*)mnt - bpf_core_field_offset(struct mount___path, mnt);
}

// Where a path of the running process begins.
static __always_inline struct path_place path_base(int directory, _Bool is_relative) {
  struct task_struct___path* task = (void*)bpf_get_current_task();
  struct fs_struct___path* fs = BPF_CORE_READ(task, fs);
  struct path_place place = {};
  if (!is_relative)
    return (struct path_place){path_mount_of(BPF_CORE_READ(fs, root.mnt)), BPF_CORE_READ(fs, root.dentry)};
  if (directory == PATH_WORKING_DIRECTORY)
    return (struct path_place){path_mount_of(BPF_CORE_READ(fs, pwd.mnt)), BPF_CORE_READ(fs, pwd.dentry)};
  struct fdtable___path* table = BPF_CORE_READ(task, files, fdt);
  if (directory < 0 || (__u32)directory >= BPF_CORE_READ(table, max_fds)) return place;
  struct file___path** files = BPF_CORE_READ(table, fd);
  struct file___path* file = 0;
  bpf_probe_read_kernel(&file, sizeof(file), &files[directory]);
  if (!file) return place;
  return (struct path_place){path_mount_of(BPF_CORE_READ(file, f_path.mnt)),
                             BPF_CORE_READ(file, f_path.dentry)};
}

// Adds the names from where a path begins up to the root; answers where the text ends then.
static __always_inline __u32 path_add_base(char* text, __u32 end, int directory, _Bool is_relative) {
  struct path_place base = path_base(directory, is_relative);
  struct mount___path* mount = base.mount;
  struct dentry___path* dentry = base.dentry;
  for (int depth = 0; depth < PATH_DEPTH && dentry; depth++) {
    if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
      struct mount___path* above = BPF_CORE_READ(mount, mnt_parent);
      if (above == mount) return end;
      dentry = BPF_CORE_READ(mount, mnt_mountpoint);
      mount = above;
      continue;
    }
    struct dentry___path* parent = BPF_CORE_READ(dentry, d_parent);
    if (parent == dentry) return end;
    if (end > PATH_TEXT_SIZE - PATH_NAME_SIZE) break;
    long length = bpf_probe_read_kernel_str(&text[end], PATH_NAME_SIZE, BPF_CORE_READ(dentry, d_name.name));
    if (length <= 0) break;
    // Never more than the mask, which keeps the verifier from following each length by itself.
    end = (end + length) & (PATH_TEXT_SIZE - 1);
    dentry = parent;
  }
  return end | PATH_TRUNCATED;
}
