/*
 * JSON lines on stderr, one object a line, readable by journald:
 *   {"at":"2026-11-23T09:41:07.123Z","level":"info","module":"cash","event":"note_escrowed","text":"…"}
 * preceded by a syslog prefix "<6>" when stderr is the journal (JOURNAL_STREAM is set).
 *
 * Personal data never goes into a log: not a name, an ID number, a phone or an account number. The
 * event is a fixed word; the text carries numbers, codes and states only.
 *
 * Threads: any. A line is written with one write().
 */
#pragma once
#include "base/status.h"

enum log_level {
    LOG_DEBUG,
    LOG_INFO,
    LOG_WARNING,
    LOG_ERROR
};

void log_set_level(enum log_level level);

/* Lines longer than 1 KiB are cut. module is the folder name, event a fixed snake_case word. */
void log_write(enum log_level level, const char *module, const char *event, const char *format, ...)
    PRINTF_LIKE(4, 5);

#define log_debug(module, event, ...) log_write(LOG_DEBUG, module, event, __VA_ARGS__)
#define log_info(module, event, ...) log_write(LOG_INFO, module, event, __VA_ARGS__)
#define log_warning(module, event, ...) log_write(LOG_WARNING, module, event, __VA_ARGS__)
#define log_error(module, event, ...) log_write(LOG_ERROR, module, event, __VA_ARGS__)
