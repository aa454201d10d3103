#ifndef CTCL_H
#define CTCL_H
/// What the bridge needs of Tcl, without tcl.h: the same for Tcl 8.6 and 9.0. `CTclStubs86` and `CTclStubs90`
/// implement it, each compiled against its own tcl.h, so that Swift compiles once for both.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct ctcl_interp *CTclInterp;
typedef struct ctcl_obj *CTclObj;
typedef struct ctcl_timer *CTclTimer;
typedef struct ctcl_channel *CTclChannel;
typedef struct ctcl_encoding *CTclEncoding;
typedef struct ctcl_thread *CTclThread;

typedef int (*CTclObjProc)(void *context, CTclInterp interp, int objc, const CTclObj _Nonnull *_Nonnull objv);
typedef void (*CTclProc)(void *context);
typedef void (*CTclFileProc)(void *context, int mask);
typedef void (*CTclAssocProc)(void *context, CTclInterp interp);

// Interpreters. `ctcl_init_stubs` must succeed before any other call.
int ctcl_init_stubs(CTclInterp interp);
int ctcl_major_version(void);
int ctcl_provide(CTclInterp interp, const char *name, const char *version);
void ctcl_command(CTclInterp interp, const char *name, CTclObjProc proc, void *context, CTclProc deleted);
void ctcl_preserve(CTclInterp interp);
void ctcl_unpreserve(CTclInterp interp);
int ctcl_deleted(CTclInterp interp);
int ctcl_safe(CTclInterp interp);
int ctcl_canceled(CTclInterp interp);
int ctcl_limit_exceeded(CTclInterp interp);
/// Runs what signal handlers and other threads marked, as Tcl does between two commands; the code it ends with.
int ctcl_run_async(CTclInterp interp);
void ctcl_assoc(CTclInterp interp, const char *key, CTclAssocProc deleted, void *context);
void *_Nullable ctcl_assoc_get(CTclInterp interp, const char *key);

// Results, errors, evaluation.
void ctcl_set_result(CTclInterp interp, CTclObj value);
CTclObj ctcl_result(CTclInterp interp);
void ctcl_reset_result(CTclInterp interp);
void ctcl_set_error_code(CTclInterp interp, CTclObj list);
int ctcl_set_return_options(CTclInterp interp, CTclObj dict);
CTclObj ctcl_return_options(CTclInterp interp, int code);
/// Leaves `wrong # args` with the command's name as the script wrote it, also through an alias.
void ctcl_wrong_num_args(CTclInterp interp, const CTclObj _Nonnull *_Nonnull objv, const char *usage);
int ctcl_eval(CTclInterp interp, CTclObj script);
int ctcl_eval_words(CTclInterp interp, int objc, const CTclObj _Nonnull *_Nonnull objv);
int ctcl_command_complete(CTclObj text);
int ctcl_record_and_eval(CTclInterp interp, CTclObj text);

/// The result, what is known of the last error, and `::errorInfo` and `::errorCode`; to be restored or discarded.
void *ctcl_save_state(CTclInterp interp);
void ctcl_restore_state(CTclInterp interp, void *state);
void ctcl_discard_state(void *state);

/// What `bgerror` or `interp bgerror` is told of the error in the interpreter.
void ctcl_background_error(CTclInterp interp, int code);

// Variables, global but for the local one.
CTclObj _Nullable ctcl_get_var(CTclInterp interp, const char *name, const char *_Nullable element);
int ctcl_set_var(CTclInterp interp, const char *name, const char *_Nullable element, CTclObj value);
/// A variable of the procedure that runs, or of the namespace.
int ctcl_set_local_var(CTclInterp interp, const char *name, CTclObj value);

// Values.
CTclObj ctcl_new_string(const char *_Nullable utf8, ptrdiff_t count);
CTclObj ctcl_new_bytes(const unsigned char *_Nullable octets, ptrdiff_t count);
/// Whether Tcl can have so much memory now; it ends the process where it asks for more.
int ctcl_has_memory(ptrdiff_t count);
/// A new byte array of `count` octets that are to be written to `*buffer`; `ctcl_set_byte_count` then says how many were.
CTclObj ctcl_new_byte_buffer(ptrdiff_t count, unsigned char *_Nullable *_Nonnull buffer);
/// Also makes room; the octets lie where the result says then.
unsigned char *_Nullable ctcl_set_byte_count(CTclObj value, ptrdiff_t count);
CTclObj ctcl_new_wide(int64_t value);
CTclObj ctcl_new_list(ptrdiff_t count, const CTclObj _Nonnull *_Nullable elements);
void ctcl_retain(CTclObj value);
void ctcl_release(CTclObj value);
const char *ctcl_string(CTclObj value, ptrdiff_t *count);
/// The octets of a value that is a byte array without a string representation, else NULL.
const unsigned char *_Nullable ctcl_pure_bytes(CTclObj value, ptrdiff_t *count);
/// `*elements` is valid until the value changes its representation.
int ctcl_list(CTclInterp interp, CTclObj value, ptrdiff_t *count, CTclObj _Nonnull *_Nullable *_Nonnull elements);
int ctcl_get_wide(CTclInterp interp, CTclObj value, int64_t *result);
int ctcl_get_double(CTclInterp interp, CTclObj value, double *result);
int ctcl_get_boolean(CTclInterp interp, CTclObj value, int *result);
ptrdiff_t ctcl_char_count(CTclObj value);

// Encodings.
CTclEncoding _Nullable ctcl_encoding(CTclInterp interp, const char *name);
void ctcl_free_encoding(CTclEncoding encoding);
/// New byte array value, a reference of the caller's.
CTclObj ctcl_encode(CTclEncoding encoding, const char *utf8, ptrdiff_t count);
/// New string value, a reference of the caller's.
CTclObj ctcl_decode(CTclEncoding encoding, const char *_Nullable octets, ptrdiff_t count);

// Channels and files.
CTclChannel _Nullable ctcl_open_file(CTclInterp interp, CTclObj path);
typedef struct {
    int64_t kind, size, inode, seconds, nanoseconds;
} ctcl_file_facts_t;
/// `kind` is S_IFREG and so on. 0, or -1 with errno set.
int ctcl_file_facts(CTclObj path, ctcl_file_facts_t *facts);
int ctcl_native_facts(const char *path, ctcl_file_facts_t *facts);
/// The file's name for the operating system; the value keeps it. 0 if it has none.
const char *_Nullable ctcl_native_path(CTclObj path);
/// Of the file that a channel reads; -1 if it reads none of the operating system's, or not as it is.
int ctcl_channel_facts(CTclChannel channel, ctcl_file_facts_t *facts);
/// `mode` gets 2 (readable) and 4 (writable), added.
CTclChannel _Nullable ctcl_get_channel(CTclInterp interp, const char *name, int *mode);
CTclChannel _Nullable ctcl_std_channel(int number);
int ctcl_close(CTclInterp _Nullable interp, CTclChannel channel);
void ctcl_register_channel(CTclChannel channel);
void ctcl_unregister_channel(CTclChannel channel);
/// As the script's `close`: the channel ends unless somebody else holds it.
void ctcl_unregister_from(CTclInterp interp, const char *name);
void ctcl_channel_handler(CTclChannel channel, int mask, CTclFileProc proc, void *context);
void ctcl_delete_channel_handler(CTclChannel channel, CTclFileProc proc, void *context);
ptrdiff_t ctcl_read(CTclChannel channel, char *_Nullable buffer, ptrdiff_t count);
/// As `ctcl_read`, but past Tcl's buffers, which must be empty: for a binary channel that nothing else reads.
ptrdiff_t ctcl_read_raw(CTclChannel channel, char *_Nullable buffer, ptrdiff_t count);
ptrdiff_t ctcl_gets(CTclChannel channel, CTclObj line);
int64_t ctcl_seek(CTclChannel channel, int64_t offset, int whence);
ptrdiff_t ctcl_write_obj(CTclChannel channel, CTclObj value);
/// Past Tcl's buffers, which must be empty, but through what is stacked on the channel; how many octets were taken, -1 with
/// Tcl's errno set.
ptrdiff_t ctcl_write_raw(CTclChannel channel, const char *_Nullable octets, ptrdiff_t count);
int ctcl_flush(CTclChannel channel);
/// Sets the octets that a channel reads or writes at once; what they were.
ptrdiff_t ctcl_set_buffer_size(CTclChannel channel, ptrdiff_t count);
int ctcl_eof(CTclChannel channel);
int ctcl_input_buffered(CTclChannel channel);
int ctcl_output_buffered(CTclChannel channel);
int ctcl_blocked(CTclChannel channel);
CTclObj ctcl_channel_option(CTclChannel channel, const char *option);
int ctcl_set_channel_option(CTclInterp interp, CTclChannel channel, const char *option, const char *value);
/// The words Tcl has for an error number; sets errorCode to `POSIX NAME words`.
const char *ctcl_posix_error(CTclInterp interp, int number);
int ctcl_errno(void);

// Events.
int ctcl_do_one_event(int may_wait);
/// Looks for events without handling any: a notifier that starts at its first wait has its descriptors then.
void ctcl_start_notifier(void);
void ctcl_file_handler(int descriptor, int mask, CTclFileProc proc, void *context);
void ctcl_delete_file_handler(int descriptor);
CTclTimer ctcl_timer(int milliseconds, CTclProc proc, void *context);
void ctcl_delete_timer(CTclTimer timer);
CTclThread ctcl_current_thread(void);
/// An event for `ctcl_post`; made in Tcl's thread, because memory that Tcl gives to another thread is lost with it.
void *ctcl_new_event(CTclProc proc, void *context);
/// Queues an event in a thread and wakes it. Allocates nothing.
void ctcl_post(CTclThread thread, void *event);
/// Queues an event in the calling thread: it comes before Tcl looks for others.
void ctcl_queue(void *event);
/// Takes the events with this procedure and context out of the calling thread's queue; how many there were.
int ctcl_unqueue(CTclProc proc, void *context);
void ctcl_exit_handler(CTclProc proc, void *context);
void ctcl_thread_exit_handler(CTclProc proc, void *context);
void ctcl_delete_thread_exit_handler(CTclProc proc, void *context);
/// `setup` runs in the calling thread each time before Tcl waits for events.
void ctcl_event_source(CTclFileProc setup, void *context);
/// Tcl prepares for waiting once more, also where somebody else's event loop does the waiting.
void ctcl_look_again(void);
void ctcl_delete_event_source(CTclFileProc setup, void *context);
/// A pointer of ours for the calling thread; NULL at first.
void *_Nullable ctcl_thread_slot(void);
void ctcl_set_thread_slot(void *_Nullable value);
void ctcl_exit(int code);

const char *ctcl_host_name(void);

// A set of descriptors that is one itself (epoll(7)); masks are 2 (readable) and 4 (writable), added.
int ctcl_set_open(void);
/// `known` is the mask that the set has for the descriptor, 0 if it does not have it yet.
void ctcl_set_change(int set, int descriptor, int known, int mask);
/// What is ready, or becomes so within some milliseconds; how many descriptors that is. An error or a hang-up is told as both.
int ctcl_set_ready(int set, int *descriptors, int *masks, int count, int milliseconds);

#pragma clang assume_nonnull end
#endif
