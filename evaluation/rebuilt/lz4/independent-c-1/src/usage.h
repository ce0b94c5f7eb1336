/* Version banner and help texts; exe is the name the program was called by. */
#ifndef USAGE_H
#define USAGE_H

#define BANNER "*** lz4 v1.10.0 64-bit multithread, by Yann Collet ***\n"

void usage_bad(const char *exe);
void usage_help(const char *exe);

#endif
