#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

// `endwin` may allocate and lock, so a crash handler must not call it. What it would send is collected beforehand.
static char sequence[512];
static size_t length;
static int terminal = -1;
static struct termios modes;
static volatile sig_atomic_t armed;

static void append(const char *text) {
    for (; text && *text && length + 1 < sizeof sequence; text++) {
        if (text[0] == '$' && text[1] == '<') {  // padding, for terminals of paper
            const char *end = strchr(text, '>');
            if (!end) return;
            text = end;
            continue;
        }
        sequence[length++] = *text;
    }
}

static const char *capability(const char *name) {
    const char *text = tigetstr(name);
    return text == (char *)-1 ? NULL : text;
}

bool restore_has(const char *name) {
    const char *text = capability(name);
    return text && *text;
}

void restore_prepare(int descriptor, const struct termios *before) {
    terminal = descriptor;
    modes = *before;
    length = 0;
    append("\033[?1000l\033[?1006l\033[?2004l");
    append(capability("sgr0"));
    append(capability("op"));
    append(capability("rmkx"));
    append(capability("cnorm"));
    append(capability("rmcup"));
    append("\r\n");
}

void restore_arm(bool on) { armed = on; }

void restore_now(void) {
    if (!armed) return;
    armed = 0;
    write_all(terminal, sequence, length);
    tcsetattr(terminal, TCSANOW, &modes);
    capture_abandon();
}

void write_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}
