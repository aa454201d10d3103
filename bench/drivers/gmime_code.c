/* Transfer encodings from memory to memory; addresses, dates and encoded words, one a line. */
#include "gmime.h"

typedef struct {
    GMimeContentEncoding encoding;
    int decodes;
    Text source;
    char *target;
    size_t count;
} Coding;

static void run_code(void *context) {
    Coding *coding = context;
    GMimeEncoding state;
    if (coding->decodes) g_mime_encoding_init_decode(&state, coding->encoding);
    else g_mime_encoding_init_encode(&state, coding->encoding);
    coding->count = g_mime_encoding_flush(&state, coding->source.octets, coding->source.count, coding->target);
}

void code(char **words) {
    Coding coding = {strcmp(words[0], "qp") ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
                     0, slurp(words[2]), 0, 0};
    double work = coding.source.count;
    size_t room = coding.source.count * 4 + 1000;
    coding.target = malloc(room);
    if (!strcmp(words[1], "decode")) {
        run_code(&coding);
        coding.source.octets = coding.target;
        coding.source.count = coding.count;
        coding.target = malloc(room);
        coding.decodes = 1;
    }
    double secs = seconds(run_code, &coding);
    report(secs, work, 0, coding.count);
}

typedef struct {
    const char *what;
    char **lines;
    int count;
} Items;

static void run_items(void *context) {
    Items *items = context;
    for (int i = 0; i < items->count; i++) {
        if (!strcmp(items->what, "date")) {
            GDateTime *date = g_mime_utils_header_decode_date(items->lines[i]);
            if (date) g_date_time_unref(date);
        } else if (!strcmp(items->what, "field")) {
            g_free(g_mime_utils_header_decode_text(0, items->lines[i]));
        } else {
            InternetAddressList *list = internet_address_list_parse(0, items->lines[i]);
            if (list) g_object_unref(list);
        }
    }
}

void decode_items(char **words) {
    Text text = slurp(words[1]);
    Items items = {words[0], 0, 1};
    double work = 0;
    if (!strcmp(words[0], "list")) {
        for (size_t i = 0; i + 1 < text.count; i++) {
            work += text.octets[i] == '\n';
            if (text.octets[i] == '\n') text.octets[i] = ',';
        }
        work++;
        items.lines = &text.octets;
    } else {
        items.lines = lines(text, &items.count);
        work = items.count;
    }
    double secs = seconds(run_items, &items);
    report(secs, work, 0, 0);
}
