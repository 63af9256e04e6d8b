#include "internal.h"

#include "CCurses.h"

#include <curses.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static FILE *output, *input;
static int input_descriptor = -1;
static bool utf8, default_colors, is_headless;
static bool says_nothing(const char *name) {
    const char *value = getenv(name);
    return !value || !*value || !strcmp(value, "C") || !strcmp(value, "POSIX");
}

bool terminal_set_locale(void) {
    setlocale(LC_ALL, "");
    utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
    // Containers and services have no locale at all; their terminals speak UTF-8 all the same.
    if (!utf8 && says_nothing("LC_ALL") && says_nothing("LC_CTYPE") && says_nothing("LANG")) {
        utf8 = setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8");
    }
    return utf8;
}

int terminal_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

static void set_modes(int descriptor) {
    struct termios modes;
    cbreak();
    noecho();
    nonl();
    if (descriptor < 0 || tcgetattr(descriptor, &modes) != 0) return;
    modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
    // Ctrl-C is a key here; Ctrl-\ must not dump core; Ctrl-Z goes on suspending.
    modes.c_cc[VQUIT] = modes.c_cc[VINTR] = modes.c_cc[VLNEXT] = modes.c_cc[VDISCARD] = _POSIX_VDISABLE;
    tcsetattr(descriptor, TCSADRAIN, &modes);
    def_prog_mode();
}

static void set_colors(void) {
    default_colors = false;
    if (!has_colors()) return;
    start_color();
    default_colors = use_default_colors() == OK;
}

static void forget(void) {
    keys_close();
    if (screen) delscreen(screen);
    if (output) fclose(output);
    if (input) fclose(input);
    screen = NULL;
    output = input = NULL;
    input_descriptor = -1;
}

static const char *open_streams(bool headless) {
    if (headless) {
        output = fopen("/dev/null", "w");
        input = fopen("/dev/null", "r");
    } else {
        if (!isatty(STDIN_FILENO)) return "standard input is not a terminal";
        if (!isatty(STDOUT_FILENO)) return "standard output is not a terminal";
        output = fdopen(dup(STDOUT_FILENO), "w");
        input = fdopen(dup(STDIN_FILENO), "r");
    }
    return output && input ? NULL : "no file descriptor is left";
}

const char *terminal_open(const char *term, bool mouse, bool headless, int columns, int rows) {
    struct termios before;
    if (screen) return "a terminal is open already";
    const char *problem = open_streams(headless);
    if (!problem && !headless && tcgetattr(fileno(input), &before) != 0) problem = "its modes cannot be read";
    if (!problem && !(screen = newterm(term, output, input))) problem = "its type is not known";
    if (!problem && !restore_has("cup")) problem = "its cursor cannot be moved";
    if (problem) {
        if (screen) endwin();
        forget();
        return problem;
    }
    is_headless = headless;
    wake_open();
    set_escdelay(25);
    set_modes(headless ? -1 : fileno(input));
    keys_open(mouse && !headless);
    set_colors();
    leaveok(stdscr, FALSE);
    curs_set(0);
    if (headless) {
        resize_term(rows, columns);
        return NULL;
    }
    input_descriptor = fileno(input);
    restore_prepare(fileno(output), &before);
    restore_arm(true);
    capture_begin();
    signals_install();
    terminal_send("\033[?2004h", 8);
    return NULL;
}

void terminal_close(void) {
    if (!screen) return;
    if (!is_headless) {
        terminal_send("\033[?2004l", 8);
        mousemask(0, NULL);
    }
    curs_set(1);
    endwin();
    if (!is_headless) {
        restore_arm(false);
        signals_remove();
        capture_end();
    }
    forget();
}

bool terminal_is_open(void) { return screen != NULL; }

void terminal_stop(void) {
    if (!screen || is_headless) return;
    terminal_send("\033[?2004l", 8);
    endwin();
    restore_arm(false);
    struct sigaction fallback, handler;
    memset(&fallback, 0, sizeof fallback);
    fallback.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &fallback, &handler);
    // To this thread, so that the process has stopped before the next line.
    raise(SIGTSTP);
    sigaction(SIGTSTP, &handler, NULL);
}

// MARK: Drawing

int terminal_columns(void) { return getmaxx(stdscr); }
int terminal_rows(void) { return getmaxy(stdscr); }
int terminal_colors(void) { return has_colors() ? COLORS : 0; }
int terminal_pairs(void) { return COLOR_PAIRS < SHRT_MAX ? COLOR_PAIRS : SHRT_MAX; }
bool terminal_has_default_colors(void) { return default_colors; }

bool terminal_init_pair(int pair, int foreground, int background) {
    return init_pair((short)pair, (short)foreground, (short)background) == OK;
}

bool terminal_refresh_size(void) {
    struct winsize size;
    if (is_headless || ioctl(fileno(output), TIOCGWINSZ, &size) != 0 || !size.ws_col || !size.ws_row) return false;
    // Larger than any screen is a mistake or a trick, and curses would allocate it.
    terminal_resize(size.ws_col < 2048 ? size.ws_col : 2048, size.ws_row < 2048 ? size.ws_row : 2048);
    return true;
}

void terminal_resize(int columns, int rows) {
    resize_term(rows, columns);
    // A terminal moves what it shows when its size changes, and curses can't know where to: all is drawn anew.
    clearok(curscr, TRUE);
}

static attr_t attributes_of(uint32_t set) {
    attr_t result = 0;
    if (set & terminal_bold) result |= WA_BOLD;
    if (set & terminal_dim) result |= WA_DIM;
    if (set & terminal_italic) result |= WA_ITALIC;
    if (set & terminal_underline) result |= WA_UNDERLINE;
    if (set & terminal_reverse) result |= WA_REVERSE;
    return result;
}

// A scalar whose width this system sees otherwise would shift the line: something of the right width is shown instead.
static int letters(const terminal_cell *cell, wchar_t *text) {
    wchar_t base = (wchar_t)cell->scalars[0];
    bool fits = base < 0x7F || (utf8 && wcwidth(base) == cell->columns);
    int count = 0;
    text[count++] = fits ? base : L'?';
    for (int mark = 1; fits && mark < 3; mark++) {
        wchar_t scalar = (wchar_t)cell->scalars[mark];
        if (scalar && wcwidth(scalar) == 0) text[count++] = scalar;
    }
    text[count] = 0;
    return fits ? 1 : cell->columns;
}

void terminal_put(int row, int column, const terminal_cell *cells, int count) {
    enum { chunk = 256 };
    cchar_t line[chunk + 2];
    int start = column, used = 0;
    for (int index = 0; index < count; index++) {
        wchar_t text[4];
        int copies = letters(&cells[index], text);
        // Programs that copy or picture a screen drop blanks at a line's end, and the background with them.
        if (utf8 && text[0] == L' ' && column + 1 == COLS && (cells[index].pair || cells[index].attributes)) {
            text[0] = 0xA0;
        }
        for (int copy = 0; copy < copies; copy++) {
            setcchar(&line[used++], text, attributes_of(cells[index].attributes), (short)cells[index].pair, NULL);
        }
        column += cells[index].columns;
        if (used >= chunk || index + 1 == count) {
            mvadd_wchnstr(row, start, line, used);
            start = column;
            used = 0;
        }
    }
}

void terminal_caret(int row, int column) {
    curs_set(row >= 0);
    if (row >= 0) move(row, column);
}

void terminal_flush(void) {
    wnoutrefresh(stdscr);
    doupdate();
}

void terminal_invalidate(void) {
    restore_arm(!is_headless);
    reset_prog_mode();
    clearok(stdscr, TRUE);
    terminal_send("\033[?2004h", 8);
}

void terminal_send(const char *bytes, size_t count) {
    if (is_headless) return;
    fflush(output);
    write_all(fileno(output), bytes, count);
}

size_t terminal_read_row(int row, uint32_t *scalars, size_t room) {
    size_t count = 0;
    for (int column = 0; column < getmaxx(stdscr) && count + 3 < room; column++) {
        cchar_t cell;
        wchar_t text[CCHARW_MAX + 1];
        attr_t attributes;
        short pair;
        if (mvin_wch(row, column, &cell) != OK || getcchar(&cell, text, &attributes, &pair, NULL) != OK) continue;
        for (int index = 0; index < CCHARW_MAX && text[index] && count < room; index++) {
            scalars[count++] = (uint32_t)text[index];
        }
        if (wcwidth(text[0]) == 2) column++;
    }
    return count;
}

int input_of_terminal(void) { return input_descriptor; }
