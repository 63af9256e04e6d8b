#pragma once
// A thin layer over ncursesw: what Swift can't import (macros, variadic calls, wide cells) and what must be
// async-signal-safe. Nothing here knows about sessions, grids or themes.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One cell: a scalar with up to two marks (0 where there is none), how many columns it takes, and how it is drawn.
typedef struct {
    uint32_t scalars[3];
    int32_t columns;
    uint32_t attributes;
    int32_t pair;
} terminal_cell;

enum {
    terminal_bold = 1,
    terminal_dim = 2,
    terminal_italic = 4,
    terminal_underline = 8,
    terminal_reverse = 16,
};

/// What was read; `terminal_none` when nothing is waiting.
enum {
    terminal_none,
    terminal_ignored,
    terminal_scalar,
    terminal_special,
    terminal_mouse,
    terminal_paste_begin,
    terminal_paste_end,
};

enum {
    terminal_key_up = 1,
    terminal_key_down,
    terminal_key_left,
    terminal_key_right,
    terminal_key_home,
    terminal_key_end,
    terminal_key_page_up,
    terminal_key_page_down,
    terminal_key_insert,
    terminal_key_delete,
    terminal_key_backspace,
    terminal_key_enter,
    terminal_key_back_tab,
    terminal_key_shift_up,
    terminal_key_shift_down,
    terminal_key_shift_left,
    terminal_key_shift_right,
    terminal_key_function = 64,
};

enum {
    terminal_mouse_left = 1,
    terminal_mouse_middle,
    terminal_mouse_right,
    terminal_mouse_wheel_up,
    terminal_mouse_wheel_down,
};

/// Set in the value of a scalar that was typed with Alt.
enum { TERMINAL_ALT = 0x1000000 };

typedef struct {
    long kind;
    long value;
    int32_t column;
    int32_t row;
} terminal_input;

enum {
    terminal_ready_input = 1,
    terminal_ready_wake = 2,
    terminal_ready_hangup = 4,
};

// Locale: chosen once, before anything else. Says whether text reaches the terminal as UTF-8.
bool terminal_set_locale(void);
// The columns the C library gives a scalar; negative for one it does not know.
int terminal_width(uint32_t scalar);

// Opens the terminal of standard input and output, or none at all (`headless`, drawing into memory only).
// Returns NULL, or what is wrong.
const char *terminal_open(const char *term, bool mouse, bool headless, int columns, int rows);
void terminal_close(void);
bool terminal_is_open(void);

int terminal_columns(void);
int terminal_rows(void);
bool terminal_refresh_size(void);
void terminal_resize(int columns, int rows);

int terminal_colors(void);
int terminal_pairs(void);
bool terminal_has_default_colors(void);
bool terminal_init_pair(int pair, int foreground, int background);

void terminal_put(int row, int column, const terminal_cell *cells, int count);
void terminal_caret(int row, int column);
void terminal_flush(void);
void terminal_invalidate(void);
void terminal_send(const char *bytes, size_t count);
size_t terminal_read_row(int row, uint32_t *scalars, size_t room);

terminal_input terminal_read(void);
void terminal_unread(uint32_t scalar);
void terminal_drop_input(void);

// Sleeps until there is input, a wake-up, a signal or nothing more to wait for (negative: for ever).
long terminal_wait(int milliseconds);
// After `terminal_ready_input`: nothing is there after all, so the terminal is gone.
bool terminal_at_end(void);
int terminal_wake_descriptor(void);
void terminal_wake(int descriptor);

// Signals that asked for something since the last call; 0 when none did.
bool terminal_took_resize(void);
bool terminal_took_suspend(void);
bool terminal_took_continue(void);
int terminal_took_end(void);
void terminal_stop(void);
void terminal_die(int signal);
