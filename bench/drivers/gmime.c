/* gmime - measures GMime 3: TASK ARG...; prints what mime.tcl prints. */
#include "gmime.h"

int main(int count, char **words) {
    static const struct {
        const char *name;
        void (*run)(char **);
        int words;
    } tasks[] = {{"corpus", read_corpus, 2}, {"big", read_big, 2}, {"build", build_message, 4},
                 {"small", build_small, 1}, {"code", code, 3}, {"items", decode_items, 2}};
    g_mime_init();
    for (size_t i = 0; count > 1 && i < sizeof tasks / sizeof *tasks; i++) {
        if (!strcmp(words[1], tasks[i].name) && count == tasks[i].words + 2) {
            tasks[i].run(words + 2);
            return 0;
        }
    }
    fprintf(stderr, "usage: gmime corpus|big|build|small|code|items ARG...\n");
    return 2;
}
