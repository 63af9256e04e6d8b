#include "internal.h"

#include "CCurses.h"

#include <curses.h>
#include <poll.h>
#include <sys/ioctl.h>

enum { paste_begin = KEY_MAX + 100, paste_end, escape = 27, longest_sequence = 64 };

static WINDOW *keys;

void keys_open(bool mouse) {
    // A pad: reading from a window would also repaint it.
    keys = newpad(1, 1);
    keypad(keys, TRUE);
    nodelay(keys, TRUE);
    define_key("\033[200~", paste_begin);
    define_key("\033[201~", paste_end);
    mouseinterval(0);
    if (mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON2_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    }
}

void keys_close(void) {
    if (keys) delwin(keys);
    keys = NULL;
}

static terminal_input made(long kind, long value) {
    terminal_input result = {.kind = kind, .value = value};
    return result;
}

static terminal_input read_mouse(void) {
    MEVENT event;
    terminal_input result = made(terminal_ignored, 0);
    if (getmouse(&event) != OK) return result;
    if (event.bstate & BUTTON1_PRESSED) result.value = terminal_mouse_left;
    if (event.bstate & BUTTON2_PRESSED) result.value = terminal_mouse_middle;
    if (event.bstate & BUTTON3_PRESSED) result.value = terminal_mouse_right;
    if (event.bstate & BUTTON4_PRESSED) result.value = terminal_mouse_wheel_up;
    if (event.bstate & BUTTON5_PRESSED) result.value = terminal_mouse_wheel_down;
    if (result.value) result.kind = terminal_mouse;
    result.column = event.x;
    result.row = event.y;
    return result;
}

static int special(wint_t code) {
    switch (code) {
    case KEY_UP: return terminal_key_up;
    case KEY_DOWN: return terminal_key_down;
    case KEY_LEFT: return terminal_key_left;
    case KEY_RIGHT: return terminal_key_right;
    case KEY_HOME: case KEY_FIND: return terminal_key_home;
    case KEY_END: case KEY_SELECT: return terminal_key_end;
    case KEY_PPAGE: return terminal_key_page_up;
    case KEY_NPAGE: return terminal_key_page_down;
    case KEY_IC: return terminal_key_insert;
    case KEY_DC: return terminal_key_delete;
    case KEY_BACKSPACE: return terminal_key_backspace;
    case KEY_ENTER: return terminal_key_enter;
    case KEY_BTAB: return terminal_key_back_tab;
    case KEY_SR: return terminal_key_shift_up;
    case KEY_SF: return terminal_key_shift_down;
    case KEY_SLEFT: return terminal_key_shift_left;
    case KEY_SRIGHT: return terminal_key_shift_right;
    }
    return code > KEY_F0 && code <= KEY_F0 + 12 ? terminal_key_function + (int)(code - KEY_F0) : 0;
}

static terminal_input read_code(wint_t code) {
    if (code == KEY_MOUSE) return read_mouse();
    if (code == paste_begin) return made(terminal_paste_begin, 0);
    if (code == paste_end) return made(terminal_paste_end, 0);
    int key = special(code);
    return key ? made(terminal_special, key) : made(terminal_ignored, 0);
}

// Behind an escape: a sequence that curses doesn't know must be swallowed whole, or its letters would act as keys.
static terminal_input read_escape(void) {
    wint_t code;
    int kind = wget_wch(keys, &code);
    if (kind == ERR) return made(terminal_scalar, escape);
    if (kind == KEY_CODE_YES) return read_code(code);
    bool string = code == ']' || code == 'P' || code == '_' || code == '^';
    if (code != '[' && code != 'O' && !string) return made(terminal_scalar, (long)(code | TERMINAL_ALT));
    for (int length = 0; length < (string ? 4096 : longest_sequence); length++) {
        wint_t previous = code;
        kind = wget_wch(keys, &code);
        if (kind == ERR) break;
        if (kind == KEY_CODE_YES) return read_code(code);
        if (string ? code == 7 || (code == '\\' && previous == escape) : code >= 0x40 && code <= 0x7E) break;
    }
    return made(terminal_ignored, 0);
}

terminal_input terminal_read(void) {
    wint_t code;
    switch (wget_wch(keys, &code)) {
    case ERR: return made(terminal_none, 0);
    case KEY_CODE_YES: return read_code(code);
    }
    return code == escape ? read_escape() : made(terminal_scalar, (long)code);
}

void terminal_unread(uint32_t scalar) { unget_wch((wchar_t)scalar); }

void terminal_drop_input(void) { flushinp(); }

long terminal_wait(int milliseconds) {
    struct pollfd waiting[3] = {
        {.fd = input_of_terminal(), .events = POLLIN},
        {.fd = wake_input(), .events = POLLIN},
        {.fd = capture_descriptor(), .events = POLLIN},
    };
    long ready = 0;
    if (poll(waiting, 3, milliseconds) <= 0) return 0;
    if (waiting[0].revents & POLLIN) ready |= terminal_ready_input;
    if (waiting[0].revents & (POLLHUP | POLLERR | POLLNVAL)) ready |= terminal_ready_hangup;
    if (waiting[1].revents & POLLIN) ready |= terminal_ready_wake;
    if (ready & terminal_ready_wake) wake_drain();
    if (waiting[2].revents & POLLIN) capture_pump();
    return ready;
}

bool terminal_at_end(void) {
    struct pollfd terminal = {.fd = input_of_terminal(), .events = POLLIN};
    int waiting = 0;
    return poll(&terminal, 1, 0) > 0 && ioctl(terminal.fd, FIONREAD, &waiting) == 0 && waiting == 0;
}
