/* Shared by the drivers in C and C++: files, processor time, peak memory. */
#ifndef COMMON_H
#define COMMON_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

typedef struct {
    char *octets;
    size_t count;
} Text;

static inline Text slurp(const char *name) {
    struct stat status;
    FILE *file = fopen(name, "rb");
    if (!file || fstat(fileno(file), &status)) {
        perror(name);
        exit(1);
    }
    Text text = {(char *)malloc(status.st_size + 1), (size_t)status.st_size};
    if (fread(text.octets, 1, text.count, file) != text.count) exit(1);
    text.octets[text.count] = 0;
    fclose(file);
    return text;
}

static inline int is_mail(const struct dirent *entry) { return strstr(entry->d_name, ".eml") != 0; }

typedef struct {
    Text *mails;
    char **names;
    int count;
    double octets;
} Folder;

static inline Folder load(const char *name) {
    struct dirent **entries;
    const char *limit = getenv("LIMIT");
    Folder folder = {0, 0, scandir(name, &entries, is_mail, alphasort), 0};
    if (limit && atoi(limit) < folder.count) folder.count = atoi(limit);
    folder.mails = (Text *)calloc(folder.count, sizeof(Text));
    folder.names = (char **)calloc(folder.count, sizeof(char *));
    for (int i = 0; i < folder.count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", name, entries[i]->d_name);
        folder.names[i] = strdup(path);
        folder.mails[i] = slurp(path);
        folder.octets += folder.mails[i].count;
    }
    return folder;
}

/* Splits a text at its line ends, in place. */
static inline char **lines(Text text, int *count) {
    char **list = (char **)malloc(sizeof *list * (text.count + 1));
    *count = 0;
    for (char *line = strtok(text.octets, "\n"); line; line = strtok(0, "\n")) list[(*count)++] = line;
    return list;
}

static inline double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

/* Processor seconds of one run; see mime.tcl. */
static inline double seconds(void (*run)(void *), void *context) {
    const char *least = getenv("LEAST");
    double bound = least ? atof(least) : .2, start = now();
    run(context);
    double once = now() - start;
    if (once >= 1 || bound == 0) return once;
    int count = 1 + (int)(bound / (once > 1e-7 ? once : 1e-7));
    start = now();
    for (int i = 0; i < count; i++) run(context);
    return (now() - start) / count;
}

static inline long peak(void) {
    char line[256];
    long kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, file)) sscanf(line, "VmHWM: %ld", &kilobytes);
    fclose(file);
    return kilobytes;
}

static inline void report(double secs, double work, long leaves, long decoded) {
    printf("secs=%.9g work=%.12g leaves=%ld decoded=%ld peak=%ld\n", secs, work, leaves, decoded, peak());
}
#endif
