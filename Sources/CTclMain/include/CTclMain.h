#ifndef CTCLMAIN_H
#define CTCLMAIN_H
/// What links libtcl itself: the shell's main loop, the static package, interpreters for tests.

/// Runs a Tcl shell exactly as tclsh does; does not return.
void ctclmain_run(int argc, char **argv, int (*init)(void *interp));
/// Makes `load {} prefix` call the entry points; in Tcl 9 this cannot be reached through stubs.
void ctclmain_static_package(const char *prefix, int (*init)(void *interp), int (*safe_init)(void *interp));
/// Hands the terminal's commands to `loop` instead of Tcl's own reader; called by `init`.
void ctclmain_set_main_loop(void (*loop)(void));
/// A new interpreter, for tests; `argv0` finds the library.
void *ctclmain_create_interp(const char *argv0);
void ctclmain_delete_interp(void *interp);
#endif
