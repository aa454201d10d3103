/* Building: a file attached, written with CRLF; and small messages as strings. */
#include "gmime.h"

static long octets;

static GMimeMultipart *mixed_of(GMimeObject *first, GMimePart *second) {
    GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
    g_mime_multipart_add(mixed, first);
    g_mime_multipart_add(mixed, (GMimeObject *)second);
    g_object_unref(first);
    g_object_unref(second);
    return mixed;
}

static GMimePart *part_of(GMimePart *part, GMimeStream *stream, GMimeContentEncoding encoding) {
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(content);
    g_object_unref(stream);
    return part;
}

static GMimeObject *text_of(const char *subtype, const char *charset, const char *text) {
    GMimeTextPart *part = g_mime_text_part_new_with_subtype(subtype);
    if (charset) g_mime_text_part_set_charset(part, charset);
    g_mime_text_part_set_text(part, text);
    return (GMimeObject *)part;
}

static void write_crlf(GMimeMessage *message, const char *target) {
    GMimeStream *out = strcmp(target, "string") ? g_mime_stream_file_open(target, "w", 0) : g_mime_stream_mem_new();
    GMimeStream *filtered = g_mime_stream_filter_new(out);
    GMimeFilter *filter = g_mime_filter_unix2dos_new(FALSE);
    g_mime_stream_filter_add((GMimeStreamFilter *)filtered, filter);
    g_mime_object_write_to_stream((GMimeObject *)message, 0, filtered);
    g_mime_stream_flush(filtered);
    octets = g_mime_stream_length(out);
    g_object_unref(filter);
    g_object_unref(filtered);
    g_object_unref(out);
}

static void run_build(void *context) {
    char **words = context;
    char *type = strdup(words[1]), *subtype = strchr(type, '/');
    *subtype++ = 0;
    GMimeMessage *message = g_mime_message_new(TRUE);
    g_mime_message_set_subject(message, "big", 0);
    GMimePart *part = part_of(
        g_mime_part_new_with_type(type, subtype), g_mime_stream_file_open(words[0], "r", 0),
        strcmp(words[3], "qp") ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    GMimeMultipart *mixed = mixed_of(text_of("plain", 0, "See attachment.\n"), part);
    g_mime_message_set_mime_part(message, (GMimeObject *)mixed);
    write_crlf(message, words[2]);
    g_object_unref(mixed);
    g_object_unref(message);
    free(type);
}

void build_message(char **words) {
    struct stat status;
    if (stat(words[0], &status)) exit(1);
    double secs = seconds(run_build, words);
    report(secs, status.st_size, 2, octets);
}

typedef struct {
    int count;
    char text[2000], html[4000], file[8000];
} Small;

static void build_one(Small *small) {
    GMimeMessage *message = g_mime_message_new(TRUE);
    g_mime_message_set_subject(message, "hello", 0);
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, 0, "a@example.com");
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, 0, "b@example.org");
    GMimePart *html = (GMimePart *)text_of("html", "iso-8859-1", small->html);
    g_mime_part_set_content_encoding(html, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    GMimeMultipart *both = mixed_of(text_of("plain", 0, small->text), html);
    GMimePart *part = g_mime_part_new_with_type("application", "octet-stream");
    g_mime_part_set_filename(part, "x.bin");
    part_of(part, g_mime_stream_mem_new_with_buffer(small->file, sizeof small->file), GMIME_CONTENT_ENCODING_BASE64);
    GMimeMultipart *mixed = mixed_of((GMimeObject *)both, part);
    g_mime_message_set_mime_part(message, (GMimeObject *)mixed);
    char *string = g_mime_object_to_string((GMimeObject *)message, 0);
    octets = strlen(string);
    g_free(string);
    g_object_unref(mixed);
    g_object_unref(message);
}

static void run_small(void *context) {
    Small *small = context;
    for (int i = 0; i < small->count; i++) build_one(small);
}

void build_small(char **words) {
    static Small small;
    small.count = atoi(words[0]);
    for (int i = 0; i < 20; i++) {
        strcat(small.text, "A line of plain ASCII text that is not too long to need folding.\n");
        strcat(small.html, "<p>A line of HTML text with caf\303\251 and more, quite a bit longer than the other one was "
                           "before it.</p>\n");
    }
    for (int i = 0; i < 1000; i++) memcpy(small.file + 8 * i, "\0\1\2\377\376\375\310\144", 8);
    double secs = seconds(run_small, &small);
    report(secs, small.count, 3, octets);
}
