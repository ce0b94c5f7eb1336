/* value.h - the JSON value model: immutable values, region allocation, paths, text conversion. */
#ifndef VALUE_H
#define VALUE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The order of the enumerators is jq's sort order of types. */
typedef enum { T_NULL, T_FALSE, T_TRUE, T_NUM, T_STR, T_ARR, T_OBJ } Type;
/* Outcome of an evaluation step; BROKEN unwinds to the label held in broken_label. */
typedef enum { OK, FAILED, BROKEN } Status;

typedef struct { size_t len; unsigned hash; char b[]; } Str;
typedef struct ArrBuf ArrBuf;
typedef struct ObjBuf ObjBuf;
/* A value is copied freely. Arrays and objects are a length plus a shared buffer: appending to
   the longest owner of a buffer is done in place, every other change copies the buffer. */
typedef struct {
    Type t;
    union { double n; size_t len; };
    union { const char *lit; /* number: canonical decimal text, or NULL */ Str *s; ArrBuf *a; ObjBuf *o; };
} Val;
typedef struct { Str *k; Val v; } Entry;
struct ArrBuf { size_t used, cap; Val v[]; };
struct ObjBuf { size_t used, cap; Entry e[]; };

/* Growing text buffer. */
typedef struct { char *p; size_t len, cap; } Text;
void text_add(Text *t, const char *s, size_t n);
void text_str(Text *t, const char *s);
void text_chr(Text *t, char c);
void text_utf8(Text *t, unsigned cp);
Val text_val(Text *t); /* turns the text into a string value and frees it */

/* Region memory: everything allocated after a mark is dropped at once by region_reset. */
typedef struct { void *chunk; size_t off; } Mark;
void *alloc(size_t n);
Mark region_mark(void);
void region_reset(Mark m);

#define NULL_VAL ((Val){.t = T_NULL})
#define EMPTY_ARR ((Val){.t = T_ARR})
#define EMPTY_OBJ ((Val){.t = T_OBJ})
static inline Val num(double d) { return (Val){.t = T_NUM, .n = d}; }
static inline Val boolean(bool b) { return (Val){.t = b ? T_TRUE : T_FALSE}; }
static inline bool truthy(Val v) { return v.t != T_NULL && v.t != T_FALSE; }
Val str_n(const char *s, size_t n);
Val str(const char *s);
bool str_eq(Val v, const char *s);
Val arr_push(Val a, Val x);
Val arr_slice(Val a, size_t from, size_t to);
Val *obj_find(Val o, Str *k);
Val obj_set(Val o, Str *k, Val v);
Val obj_put(Val o, const char *k, Val v);
Val obj_keys(Val o, bool sorted);
const char *type_name(Val v);
int val_cmp(Val a, Val b);
Val arr_sort(Val a, Val keys); /* stable; element i is ordered by keys[i] */
unsigned utf8_next(const char **p, const char *end);
size_t utf8_len(Val s);

/* Errors: fail() records a message built printf style; %V stands for "type (shortened text)". */
extern Val error_val;
extern void *broken_label;
Status fail(const char *fmt, ...);

/* Access by key; keys are strings, numbers and {"start","end"} slices. */
Status val_index(Val t, Val key, Val *out);
Status val_getpath(Val t, Val path, Val *out);
Status val_setpath(Val t, Val path, size_t i, Val x, Val *out);
Status val_delpaths(Val t, Val paths, Val *out);

/* JSON text. */
typedef struct { int indent; /* -1 compact, 100 tab */ bool sort, ascii, color; } Style;
typedef struct { const char *s; size_t n, pos; int line, col; bool failed; char err[160]; } JParser;
int json_next(JParser *p, Val *out); /* 1 a value, 0 end of text, -1 error in p->err */
void json_dump(Val v, const Style *st, Text *out);
Val json_text(Val v);
Val num_literal(const char *s, bool *ok);
void set_colors(const char *spec);
#endif
