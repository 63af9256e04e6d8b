#include "internal.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

// While the screen is on, nothing else may write to it: standard output and error end in a pipe, which the thread of the
// terminal empties. What came last is kept and replayed when the screen is left. A writer never waits: a full pipe
// refuses, so a library that floods standard error can't hang the dashboard.
enum { kept_limit = 64 * 1024 };

static char kept[kept_limit];
static size_t kept_count;
static bool dropped;
static int pipe_read = -1;
static int saved_output = -1;
static int saved_error = -1;

static int duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

static void keep(const char *bytes, size_t count) {
    if (kept_count + count > kept_limit) {
        size_t excess = kept_count + count - kept_limit;
        memmove(kept, kept + excess, kept_count - excess);
        kept_count -= excess;
        dropped = true;
    }
    memcpy(kept + kept_count, bytes, count);
    kept_count += count;
}

bool capture_begin(void) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    for (int end = 0; end < 2; end++) {
        fcntl(ends[end], F_SETFL, O_NONBLOCK);
        fcntl(ends[end], F_SETFD, FD_CLOEXEC);
    }
    saved_output = duplicate(STDOUT_FILENO);
    saved_error = duplicate(STDERR_FILENO);
    pipe_read = ends[0];
    kept_count = 0;
    dropped = false;
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    return true;
}

int capture_descriptor(void) { return pipe_read; }

void capture_pump(void) {
    char buffer[4096];
    ssize_t count;
    if (pipe_read < 0) return;
    while ((count = read(pipe_read, buffer, sizeof buffer)) > 0) keep(buffer, (size_t)count);
}

void capture_end(void) {
    if (pipe_read < 0) return;
    capture_pump();
    dup2(saved_output, STDOUT_FILENO);
    dup2(saved_error, STDERR_FILENO);
    close(saved_output);
    close(saved_error);
    close(pipe_read);
    pipe_read = saved_output = saved_error = -1;
    static const char notice[] = "(earlier output was dropped)\n";
    if (dropped) write_all(STDERR_FILENO, notice, sizeof notice - 1);
    write_all(STDERR_FILENO, kept, kept_count);
    kept_count = 0;
}

void capture_abandon(void) {
    char buffer[4096];
    ssize_t count;
    if (pipe_read < 0) return;
    dup2(saved_output, STDOUT_FILENO);
    dup2(saved_error, STDERR_FILENO);
    write_all(STDERR_FILENO, kept, kept_count);
    while ((count = read(pipe_read, buffer, sizeof buffer)) > 0) write_all(STDERR_FILENO, buffer, (size_t)count);
    pipe_read = -1;
}
