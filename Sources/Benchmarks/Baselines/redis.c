// The least that anybody pays who reads these keys from C: hiredis in a loop.
//
//   redis get PORT FILE DEPTH COUNT   GET of the keys in FILE, one a line, DEPTH at a time on one connection
//   redis list PORT PREFIX            every id of PREFIXids, and its row: MGET of a thousand at a time
//
// Prints how many values there were, and the microseconds that it took.
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void fail(const char *what) {
    fprintf(stderr, "redis: %s\n", what);
    exit(1);
}

static redisReply *reply(redisContext *c) {
    void *r = NULL;
    if (redisGetReply(c, &r) != REDIS_OK || !r || ((redisReply *)r)->type == REDIS_REPLY_ERROR) fail("no reply");
    return r;
}

static long get(redisContext *c, const char *path, int depth, long count) {
    char **keys = NULL, line[512];
    long known = 0, found = 0;
    FILE *file = fopen(path, "r");
    if (!file) fail("no keys");
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        keys = realloc(keys, (known + 1) * sizeof *keys);
        keys[known++] = strdup(line);
    }
    fclose(file);
    if (!known) fail("no keys");
    for (long done = 0; done < count; done += depth) {
        for (int i = 0; i < depth; i++) redisAppendCommand(c, "GET %s", keys[(done + i) % known]);
        for (int i = 0; i < depth; i++) {
            redisReply *r = reply(c);
            found += r->type == REDIS_REPLY_STRING;
            freeReplyObject(r);
        }
    }
    return found;
}

static long list(redisContext *c, const char *prefix) {
    enum { page = 1000, width = 32 };
    size_t length = strlen(prefix);
    char ids[256], last[width + 1] = "(";
    int hasLast = 0;
    long found = 0;
    snprintf(ids, sizeof ids, "%sids", prefix);
    const char *words[page + 1];
    size_t sizes[page + 1];
    char *names = malloc(page * (length + 2 + width));
    for (;;) {
        const char *range[] = {"ZRANGEBYLEX", ids, hasLast ? last : "-", "+", "LIMIT", "0", "1000"};
        size_t lengths[] = {11, strlen(ids), hasLast ? width + 1 : 1, 1, 5, 1, 4};
        redisAppendCommandArgv(c, 7, range, lengths);
        redisReply *some = reply(c);
        if (some->elements == 0) break;
        words[0] = "MGET";
        sizes[0] = 4;
        for (size_t i = 0; i < some->elements; i++) {
            char *name = names + i * (length + 2 + width);
            memcpy(name, prefix, length);
            memcpy(name + length, "s:", 2);
            memcpy(name + length + 2, some->element[i]->str, width);
            words[i + 1] = name;
            sizes[i + 1] = length + 2 + width;
        }
        memcpy(last + 1, some->element[some->elements - 1]->str, width);
        hasLast = 1;
        redisAppendCommandArgv(c, (int)some->elements + 1, words, sizes);
        redisReply *rows = reply(c);
        for (size_t i = 0; i < rows->elements; i++) found += rows->element[i]->type == REDIS_REPLY_STRING;
        freeReplyObject(rows);
        freeReplyObject(some);
    }
    free(names);
    return found;
}

int main(int count, char **words) {
    if (count < 4) fail("get PORT FILE DEPTH COUNT | list PORT PREFIX");
    redisContext *c = redisConnect("127.0.0.1", atoi(words[2]));
    if (!c || c->err) fail("can't connect");
    double start = now();
    long found = !strcmp(words[1], "get") && count > 5 ? get(c, words[3], atoi(words[4]), atol(words[5]))
                                                       : list(c, words[3]);
    printf("%ld %.0f\n", found, now() - start);
    return 0;
}
