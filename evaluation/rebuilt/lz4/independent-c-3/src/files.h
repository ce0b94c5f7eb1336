#pragma once
#include "options.h"

/* Both return how many files could not be processed. */
int process_single(Options *options);
int process_multiple(Options *options);
