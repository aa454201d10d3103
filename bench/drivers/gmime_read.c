/* Parsing: every header read, every leaf decoded into memory, or for `stream` to nowhere. */
#include "gmime.h"

static long leaves, decoded;
static int discards;

static void decode(GMimeDataWrapper *content) {
    GMimeStream *target = discards ? g_mime_stream_null_new() : g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, target);
    decoded += g_mime_stream_length(target);
    g_object_unref(target);
}

static void visit(GMimeObject *parent, GMimeObject *object, gpointer context) {
    (void)parent;
    (void)context;
    if (GMIME_IS_PART(object)) {
        GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)object);
        leaves++;
        if (content) decode(content);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message((GMimeMessagePart *)object);
        if (inner) g_mime_message_foreach(inner, visit, 0);
    }
}

static void read_fields(GMimeMessage *message) {
    GMimeHeaderList *list = g_mime_object_get_header_list((GMimeObject *)message);
    int count = g_mime_header_list_get_count(list);
    for (int i = 0; i < count; i++) g_mime_header_get_value(g_mime_header_list_get_header_at(list, i));
}

static void read_stream(GMimeStream *stream) {
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, 0);
    if (message) {
        read_fields(message);
        GMimeObject *root = g_mime_message_get_mime_part(message);
        if (root && !GMIME_IS_MULTIPART(root)) visit(0, root, 0);
        else if (root) g_mime_message_foreach(message, visit, 0);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

static void run_folder(void *context) {
    Folder *folder = context;
    leaves = decoded = 0;
    for (int i = 0; i < folder->count; i++)
        read_stream(g_mime_stream_mem_new_with_buffer(folder->mails[i].octets, folder->mails[i].count));
}

static void run_files(void *context) {
    Folder *folder = context;
    leaves = decoded = 0;
    for (int i = 0; i < folder->count; i++) read_stream(g_mime_stream_file_open(folder->names[i], "r", 0));
}

void read_corpus(char **words) {
    Folder folder = load(words[0]);
    double secs = seconds(strcmp(words[1], "mem") ? run_files : run_folder, &folder);
    report(secs, folder.octets, leaves, decoded);
}

static void run_memory(void *context) {
    Text text = slurp(context);
    leaves = decoded = 0;
    read_stream(g_mime_stream_mem_new_with_buffer(text.octets, text.count));
    free(text.octets);
}

static void run_file(void *context) {
    leaves = decoded = 0;
    read_stream(g_mime_stream_file_open(context, "r", 0));
}

void read_big(char **words) {
    struct stat status;
    if (stat(words[0], &status)) exit(1);
    discards = !strcmp(words[1], "stream");
    double secs = seconds(strcmp(words[1], "mem") ? run_file : run_memory, words[0]);
    report(secs, status.st_size, leaves, decoded);
}
