#pragma once

typedef void (*FileAction)(const char *path);

/* Calls the action for a file, or for every wanted file below a directory. */
void walk(const char *path, FileAction action);
const char *shown_path(const char *path);
