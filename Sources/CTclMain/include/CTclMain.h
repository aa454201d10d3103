#ifndef CTCLMAIN_H
#define CTCLMAIN_H
/// What links libtcl itself: the shell's main loop, the static package, interpreters for tests.

/// Runs a Tcl shell exactly as tclsh does; does not return.
void ctclmain_run(int argc, char **argv, int (*init)(void *interp));
/// Makes `load {} prefix` call the entry points; in Tcl 9 this cannot be reached through stubs.
void ctclmain_static_package(const char *prefix, int (*init)(void *interp), int (*safe_init)(void *interp));
/// Evaluates the file that `tcl_rcFileName` names, if there is one.
void ctclmain_source_rc_file(void *interp);
/// From now on SIGINT cancels what is being evaluated instead of ending the process. Returns a descriptor that can be
/// read once for each SIGINT that comes while nothing is evaluated, or -1.
int ctclmain_catch_interrupts(void *interp);
/// Tells whether a command is being evaluated: only then an interrupt cancels.
void ctclmain_set_evaluating(int evaluating);
/// A new interpreter, for tests; `argv0` finds the library.
void *ctclmain_create_interp(const char *argv0);
void ctclmain_delete_interp(void *interp);
#endif
