#include "internal.h"

#include "CCurses.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A signal may arrive on any thread. Handlers note it and wake the thread of the terminal, which does the work.
static volatile sig_atomic_t resized, suspended, continued, ending;
static int wake_pipe[2] = {-1, -1};

static const int noted[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT};
static const int crashes[] = {SIGSEGV, SIGILL, SIGTRAP, SIGBUS, SIGABRT, SIGFPE};
enum { noted_count = sizeof noted / sizeof *noted, crash_count = sizeof crashes / sizeof *crashes };
static struct sigaction before_noted[noted_count], before_crashes[crash_count];
static bool installed;

static void note(int signal) {
    int saved = errno;
    switch (signal) {
    case SIGWINCH: resized = 1; break;
    case SIGTSTP: suspended = 1; break;
    case SIGCONT: continued = 1; break;
    default:
        // Asked twice: the thread of the terminal doesn't answer, so end without it. A terminal that closes isn't asking:
        // it hangs up once by the shell and once by the system, at nearly the same time.
        if (ending && signal != SIGHUP) terminal_die(signal);
        if (!ending) ending = signal;
    }
    terminal_wake(wake_pipe[1]);
    errno = saved;
}

static void crash(int signal) {
    restore_now();
    // Whoever handled this before (Swift's backtracer, a sanitizer) goes on, on a terminal that can show it.
    for (int index = 0; index < crash_count; index++) sigaction(crashes[index], &before_crashes[index], NULL);
    raise(signal);
}

static void install(const int *signals, int count, struct sigaction *before, void (*handler)(int), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < count; index++) sigaction(signals[index], &action, &before[index]);
}

// A stack that has overflowed can't hold the handler of its own crash. Each thread has its own; this one is for the
// thread of the terminal, which draws and so goes deepest.
static void give_alternate_stack(void) {
    static char room[64 * 1024];
    stack_t before;
    if (sigaltstack(NULL, &before) != 0 || !(before.ss_flags & SS_DISABLE)) return;
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = room;
    stack.ss_size = sizeof room;
    sigaltstack(&stack, NULL);
}

void signals_install(void) {
    static bool at_exit;
    give_alternate_stack();
    resized = suspended = continued = ending = 0;
    install(noted, noted_count, before_noted, note, SA_RESTART);
    install(crashes, crash_count, before_crashes, crash, SA_ONSTACK);
    if (!at_exit) atexit(restore_now);
    at_exit = installed = true;
}

void signals_remove(void) {
    if (!installed) return;
    installed = false;
    for (int index = 0; index < noted_count; index++) sigaction(noted[index], &before_noted[index], NULL);
    for (int index = 0; index < crash_count; index++) sigaction(crashes[index], &before_crashes[index], NULL);
}

void terminal_die(int number) {
    restore_now();
    signal(number, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    _exit(128 + number);
}

// The pipe outlives a terminal, since a waker may.
void wake_open(void) {
    if (wake_pipe[0] >= 0 || pipe(wake_pipe) != 0) return;
    for (int end = 0; end < 2; end++) {
        fcntl(wake_pipe[end], F_SETFL, O_NONBLOCK);
        fcntl(wake_pipe[end], F_SETFD, FD_CLOEXEC);
    }
}

void wake_drain(void) {
    char buffer[256];
    while (read(wake_pipe[0], buffer, sizeof buffer) > 0) continue;
}

int terminal_wake_descriptor(void) {
    wake_open();
    return wake_pipe[1];
}

void terminal_wake(int descriptor) {
    char byte = 0;
    // A full pipe wakes just as well.
    ssize_t written = write(descriptor, &byte, 1);
    (void)written;
}

int wake_input(void) { return wake_pipe[0]; }

static bool take(volatile sig_atomic_t *flag) {
    if (!*flag) return false;
    *flag = 0;
    return true;
}

bool terminal_took_resize(void) { return take(&resized); }
bool terminal_took_suspend(void) { return take(&suspended); }
bool terminal_took_continue(void) { return take(&continued); }
int terminal_took_end(void) { return ending; }
