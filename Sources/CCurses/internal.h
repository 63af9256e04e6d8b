#pragma once
// Shared by the shim's own files.
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#define _DARWIN_C_SOURCE 1
#define NCURSES_WIDECHAR 1

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

// capture.c: where standard output and error go while the screen is on.
bool capture_begin(void);
void capture_pump(void);
void capture_end(void);
int capture_descriptor(void);
// Async-signal-safe: gives the descriptors back and writes out what is still in the pipe.
void capture_abandon(void);

// keys.c: the window that keys are read from.
void keys_open(bool mouse);
void keys_close(void);

// curses.c: where input comes from, -1 when from nowhere.
int input_of_terminal(void);

// signals.c
void signals_install(void);
void signals_remove(void);
void wake_open(void);
void wake_drain(void);
int wake_input(void);

// restore.c: brings the terminal back without curses, from a signal handler if need be.
void restore_prepare(int descriptor, const struct termios *before);
// Whether the type of the terminal has a capability.
bool restore_has(const char *name);
void restore_arm(bool on);
void restore_now(void);

void write_all(int descriptor, const char *bytes, size_t count);
