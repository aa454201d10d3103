#include "CTclMain.h"
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <tcl8.6/tcl.h>

static int (*appInit)(void *);

static int runInit(Tcl_Interp *interp) {
    if (Tcl_Init(interp) != TCL_OK) return TCL_ERROR;
    return appInit(interp);
}
void ctclmain_run(int argc, char **argv, int (*init)(void *interp)) {
    appInit = init;
    Tcl_FindExecutable(argv[0]);
    Tcl_MainEx(argc, argv, runInit, Tcl_CreateInterp());
}
void ctclmain_static_package(const char *prefix, int (*init)(void *interp), int (*safe_init)(void *interp)) {
    Tcl_StaticPackage(0, prefix, (int (*)(Tcl_Interp *))init, (int (*)(Tcl_Interp *))safe_init);
}
void ctclmain_source_rc_file(void *interp) { Tcl_SourceRCFile(interp); }

static Tcl_AsyncHandler interrupt;
static volatile sig_atomic_t isEvaluating;
// Any thread may get the signal, so a pipe tells the one that reads commands.
static int interruptPipe[2] = {-1, -1};

static int cancel(void *interp, Tcl_Interp *current, int code) {
    (void)current;
    Tcl_CancelEval(interp, Tcl_NewStringObj("interrupted", -1), 0, TCL_CANCEL_UNWIND);
    return code;
}
static void onInterrupt(int number) {
    int saved = errno;
    (void)number;
    if (isEvaluating) Tcl_AsyncMark(interrupt);
    else if (write(interruptPipe[1], "", 1) < 0) errno = saved;
    errno = saved;
}
int ctclmain_catch_interrupts(void *interp) {
    if (pipe2(interruptPipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    interrupt = Tcl_AsyncCreate(cancel, interp);
    struct sigaction action = {.sa_handler = onInterrupt, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &action, 0);
    return interruptPipe[0];
}
void ctclmain_set_evaluating(int evaluating) { isEvaluating = evaluating; }
void *ctclmain_create_interp(const char *argv0) {
    Tcl_FindExecutable(argv0);
    Tcl_Interp *interp = Tcl_CreateInterp();
    Tcl_Init(interp);
    return interp;
}
void ctclmain_delete_interp(void *interp) { Tcl_DeleteInterp(interp); }
