/*
 * Makes the disk and the wall clock of a process misbehave: preloaded (LD_PRELOAD), it stands between the program and
 * libc. What it does is looked up at each call in a file that both sides map, named by FAULTY_DISK and written by
 * io.headgate.systemtests.FaultyDisk. Without that variable it does nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* All in the machine's byte order. FaultyDisk.java knows the offsets. */
static struct faults {
  int64_t forces_left;        /* forces that still succeed */
  int64_t force_errno;        /* what the others fail with */
  int64_t force_delay_micros; /* how much longer each takes */
  int64_t write_errno;        /* what writes fail with, 0 for none */
  int64_t clock_offset_nanos; /* added to the wall clock */
  int64_t forces;             /* counted here */
  char path[256];             /* the files meant: whose path contains this */
} *faults;

/* What was written to a file and not yet forced. A descriptor beyond the last is not watched. */
#define WATCHED 4096
static struct { off_t from, to; } unforced[WATCHED];

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_close)(int);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void find(void) {
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  const char *file = getenv("FAULTY_DISK");
  int fd = file == NULL ? -1 : open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) faults = mapped;
}

static int meant(int fd) {
  if (faults == NULL || faults->path[0] == '\0') return 0;
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return strstr(path, faults->path) != NULL;
}

/* After a force that failed nothing written since the last one can be counted on, so it is gone. */
static void lose(int fd) {
  static const char zeros[4096];
  if (fd >= WATCHED) return;
  for (off_t at = unforced[fd].from; at < unforced[fd].to; at += sizeof zeros) {
    off_t left = unforced[fd].to - at;
    real_pwrite(fd, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros, at);
  }
}

static int force(int fd, int (*real)(int)) {
  if (!meant(fd)) return real(fd);
  __atomic_fetch_add(&faults->forces, 1, __ATOMIC_SEQ_CST);
  int64_t delay = faults->force_delay_micros;
  struct timespec pause = {delay / 1000000, delay % 1000000 * 1000};
  if (delay > 0) nanosleep(&pause, NULL);
  if (__atomic_fetch_sub(&faults->forces_left, 1, __ATOMIC_SEQ_CST) <= 0) {
    lose(fd);
    errno = (int)faults->force_errno;
    return -1;
  }
  if (fd < WATCHED) unforced[fd].from = unforced[fd].to = 0;
  return real(fd);
}

int fsync(int fd) { return force(fd, real_fsync); }

int fdatasync(int fd) { return force(fd, real_fdatasync); }

static int write_fails(int fd) {
  if (faults == NULL || faults->write_errno == 0 || !meant(fd)) return 0;
  errno = (int)faults->write_errno;
  return 1;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  return write_fails(fd) ? -1 : real_write(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
  if (write_fails(fd)) return -1;
  if (fd < WATCHED && meant(fd)) {
    if (unforced[fd].to == 0 || at < unforced[fd].from) unforced[fd].from = at;
    if (at + (off_t)count > unforced[fd].to) unforced[fd].to = at + (off_t)count;
  }
  return real_pwrite(fd, bytes, count, at);
}

int close(int fd) {
  if (fd >= 0 && fd < WATCHED) unforced[fd].from = unforced[fd].to = 0;
  return real_close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = real_clock_gettime(clock, time);
  if (result != 0 || faults == NULL || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  int64_t nanos = time->tv_nsec + faults->clock_offset_nanos % 1000000000;
  time->tv_sec += faults->clock_offset_nanos / 1000000000 + (nanos >= 1000000000) - (nanos < 0);
  time->tv_nsec = nanos + (nanos < 0 ? 1000000000 : 0) - (nanos >= 1000000000 ? 1000000000 : 0);
  return 0;
}
