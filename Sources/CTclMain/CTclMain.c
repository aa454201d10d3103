#include "CTclMain.h"
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
void ctclmain_set_main_loop(void (*loop)(void)) { Tcl_SetMainLoop(loop); }
void *ctclmain_create_interp(const char *argv0) {
    Tcl_FindExecutable(argv0);
    Tcl_Interp *interp = Tcl_CreateInterp();
    Tcl_Init(interp);
    return interp;
}
void ctclmain_delete_interp(void *interp) { Tcl_DeleteInterp(interp); }
