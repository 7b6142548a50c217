/* The wall clock of one process, some seconds beside the machine's: preloaded, so that it can jump while the process runs.
 * CLOCK_OFFSET names a file that holds the seconds, as text; clocks that cannot jump (monotonic) are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long offset(void) {
    const char *where = getenv("CLOCK_OFFSET");
    FILE *file = where ? fopen(where, "re") : NULL;
    long seconds = 0;
    if (!file) return 0;
    if (fscanf(file, "%ld", &seconds) != 1) seconds = 0;
    fclose(file);
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *said) {
    int done = REAL(clock_gettime)(clock, said);
    if (!done && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) said->tv_sec += offset();
    return done;
}

int gettimeofday(struct timeval *restrict said, void *restrict zone) {
    int done = REAL(gettimeofday)(said, zone);
    if (!done) said->tv_sec += offset();
    return done;
}

time_t time(time_t *where) {
    time_t now = REAL(time)(NULL) + offset();
    if (where) *where = now;
    return now;
}
