/* Between a process and the files below one folder: records each change and each sync in the order in which it happened,
 * and makes syncs slow or fail. Preloaded; what it records is read by tests/disk/image.py.
 *
 *   DISK_ROOT   folder; other files are left alone     DISK_LOG    where to record, appended
 *   DISK_BREAK  while this file exists syncs fail      DISK_SLOW   microseconds before each sync
 *
 * A record: one letter, then u16 length and bytes of a path, u64 number, u64 length and bytes. Letters: W write at,
 * T truncate to, S synced, E sync failed, O opened and emptied, U unlinked, R renamed (to the bytes), A acknowledged.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int below(const char *path) {
    const char *root = getenv("DISK_ROOT");
    return root && !strncmp(path, root, strlen(root));
}

static int named(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t many = readlink(link, path, PATH_MAX - 1);
    if (many < 0) return 0;
    path[many] = 0;
    return below(path);
}

static void put(int fd, const void *from, size_t many) {
    const char *at = from;
    while (many) {
        ssize_t done = REAL(write)(fd, at, many);
        if (done < 0) abort();
        at += done;
        many -= done;
    }
}

/* The record is opened once: a process that can open no file any more still has it. */
static void record(char letter, const char *path, uint64_t number, const void *data, uint64_t many) {
    static int fd = -1;
    const char *where = getenv("DISK_LOG");
    if (!where) return;
    if (fd < 0) fd = REAL(open64)(where, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) abort();
    uint16_t length = strlen(path);
    put(fd, &letter, 1);
    put(fd, &length, 2);
    put(fd, path, length);
    put(fd, &number, 8);
    put(fd, &many, 8);
    put(fd, data, many);
}

void disk_acknowledged(uint64_t number) {
    pthread_mutex_lock(&turn);
    record('A', "", number, "", 0);
    pthread_mutex_unlock(&turn);
}

static ssize_t changed(int fd, const void *data, ssize_t done, off64_t at, const char *path) {
    (void)fd;
    if (done > 0) record('W', path, at, data, done);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t many, off64_t at) {
    char path[PATH_MAX];
    if (!named(fd, path)) return REAL(pwrite64)(fd, data, many, at);
    pthread_mutex_lock(&turn);
    ssize_t done = changed(fd, data, REAL(pwrite64)(fd, data, many, at), at, path);
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t many, off_t at) { return pwrite64(fd, data, many, at); }

ssize_t write(int fd, const void *data, size_t many) {
    char path[PATH_MAX];
    if (!named(fd, path)) return REAL(write)(fd, data, many);
    pthread_mutex_lock(&turn);
    ssize_t done = REAL(write)(fd, data, many);
    if (done > 0) changed(fd, data, done, lseek64(fd, 0, SEEK_CUR) - done, path);
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate64(int fd, off64_t size) {
    char path[PATH_MAX];
    if (!named(fd, path)) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&turn);
    int said = REAL(ftruncate64)(fd, size);
    if (!said) record('T', path, size, "", 0);
    pthread_mutex_unlock(&turn);
    return said;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    if (!named(fd, path)) return real(fd);
    const char *slow = getenv("DISK_SLOW"), *broken = getenv("DISK_BREAK");
    if (slow) usleep(atoi(slow));
    pthread_mutex_lock(&turn);
    int fails = broken && !access(broken, F_OK);
    int said = fails ? -1 : real(fd);
    record(said ? 'E' : 'S', path, 0, "", 0);
    pthread_mutex_unlock(&turn);
    if (fails) errno = EIO;
    return said;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }

int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int opened(const char *path, int flags, int fd) {
    char real[PATH_MAX];
    if (fd < 0 || !(flags & O_TRUNC) || !named(fd, real)) return fd;
    (void)path;
    pthread_mutex_lock(&turn);
    record('O', real, 0, "", 0);
    pthread_mutex_unlock(&turn);
    return fd;
}

#define MODE va_list rest; va_start(rest, flags); mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; va_end(rest)

int open64(const char *path, int flags, ...) {
    MODE;
    return opened(path, flags, REAL(open64)(path, flags, mode));
}

int open(const char *path, int flags, ...) {
    MODE;
    return opened(path, flags, REAL(open64)(path, flags, mode));
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE;
    return opened(path, flags, REAL(openat64)(folder, path, flags, mode));
}

int unlink(const char *path) {
    pthread_mutex_lock(&turn);
    int said = REAL(unlink)(path);
    if (!said && below(path)) record('U', path, 0, "", 0);
    pthread_mutex_unlock(&turn);
    return said;
}

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&turn);
    int said = REAL(rename)(from, to);
    if (!said && below(from)) record('R', from, 0, to, strlen(to));
    pthread_mutex_unlock(&turn);
    return said;
}
