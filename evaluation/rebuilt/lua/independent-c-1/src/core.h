/* Shared data model: values, heap objects, syntax tree, call frames and fibers. */
#ifndef CORE_H
#define CORE_H
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

/* What a Value holds.  Everything from K_STR on is a heap object. */
typedef enum { K_NIL, K_BOOL, K_INT, K_NUM, K_STR, K_TABLE, K_FUNC, K_NATIVE, K_FILE, K_FIBER, K_CELL } Kind;
typedef struct Str { uint32_t hash; size_t len; struct Str *chain; char s[]; } Str;
typedef struct Table Table;
typedef struct Func Func;
typedef struct Native Native;
typedef struct File File;
typedef struct Fiber Fiber;
typedef struct Cell Cell;
typedef struct Node Node;
typedef struct Value {
    Kind k; union { bool b; int64_t i; double n; void *o; Str *s; Table *t; Func *f; Native *c; File *h; Fiber *co; Cell *cell; };
} Value;
typedef struct { Value key, val; } Entry;
/* arr holds keys 1..alen, its last element never nil; the rest lives in an insertion-ordered hash. */
struct Table { Table *meta; Value *arr; uint32_t alen, acap; Entry *ent; uint32_t nent, cap; int32_t *idx; };
struct Cell { Value v; };                                /* a captured variable */
struct Native { const char *module, *name; int (*run)(Value *a, int n); Value data[3]; };
struct File { FILE *fp; bool pipe, standard; };

/* ---- syntax tree ---- */
typedef struct Var { Str *name; int slot; bool captured; uint8_t attr; } Var;    /* attr: 0, ATTR_CONST, ATTR_CLOSE */
enum { ATTR_CONST = 1, ATTR_CLOSE = 2 };
typedef struct { bool from_local; Var *var; int idx; Str *name; } Capture;
typedef struct Code {                                           /* one function body */
    Str *source; int line, nparams, nslots, ncaps; bool vararg, is_main; Var **params; Var *pack; Node *body; Capture *caps;
} Code;
struct Func { Code *code; Cell *cell[]; };
typedef enum {
    E_CONST, E_VARARG, E_LOCAL, E_UPVAL, E_GLOBAL, E_INDEX, E_CALL, E_METHOD, E_FUNC, E_TABLE, E_AND, E_OR, E_NOT, E_PAREN,
    E_UNARY, E_BINARY, E_EVENT,
    S_BLOCK, S_LOCAL, S_GLOBAL, S_ASSIGN, S_CALL, S_WHILE, S_REPEAT, S_IF, S_FORNUM, S_FORIN, S_LOCALFUNC, S_RETURN, S_BREAK, S_GOTO, S_LABEL
} NodeOp;
/* Operators; the order up to M_LE is also that of the metamethod events. */
typedef enum {
    M_ADD, M_SUB, M_MUL, M_DIV, M_MOD, M_POW, M_IDIV, M_BAND, M_BOR, M_BXOR, M_SHL, M_SHR, M_CONCAT, M_UNM, M_BNOT, M_LEN,
    M_EQ, M_LT, M_LE, M_INDEX, M_NEWINDEX, M_CALL, M_CLOSE, M_TOSTRING, M_NAME, M_PAIRS, M_METATABLE, M_COUNT, O_NE, O_GT, O_GE
} Op;
struct Node {
    uint8_t op, sub; int line, n, m;                            /* n, m: lengths of kid and rhs; idx/position where noted */
    Node *a, *b, *c, **kid, **rhs; Value val; Var *var, **vars; Code *code;
};

/* ---- execution state ---- */
typedef struct Frame {
    struct Frame *up; Func *fn; Native *nat; const Node *site;  /* site: the node that made the call, for names in messages */
    Value *slot, *extra, *ret, callee; int nextra, nret, line, nclosing; bool tail; Node *target;
} Frame;
typedef struct Handler { struct Handler *up; jmp_buf jb; Frame *frame; Value msgh, *top; int nclosing; } Handler;
typedef enum { F_SUSPENDED, F_RUNNING, F_NORMAL, F_DEAD } FiberState;
struct Fiber {
    FiberState state; Value fn, err, *stack, *top, *limit, *xfer, *closing; int nx, nclosing, capclosing; bool started, failed;
    Frame *frame; Handler *handler; ucontext_t ctx; char *cstack; size_t csize; Fiber *resumer;
};
extern Fiber *cur, *main_fiber;
extern Table *globals, *registry, *loaded, *string_meta, *file_meta;
extern Str *event_name[M_COUNT];
#define NIL ((Value){ .k = K_NIL })
#define BOOL(x) ((Value){ .k = K_BOOL, .b = (x) })
#define INT(x) ((Value){ .k = K_INT, .i = (x) })
#define NUM(x) ((Value){ .k = K_NUM, .n = (x) })
#define STR(x) ((Value){ .k = K_STR, .s = (x) })
#define TABLE(x) ((Value){ .k = K_TABLE, .t = (x) })
#define NATIVE(x) ((Value){ .k = K_NATIVE, .c = (x) })
#define TEXT(x) STR(str_text(x))
#define TRUTHY(v) (!((v).k == K_NIL || ((v).k == K_BOOL && !(v).b)))

/* heap.c: objects, strings, tables */
void *heap_new(size_t size);
extern size_t heap_bytes;
Str *str_new(const char *s, size_t n); Str *str_text(const char *s); Str *str_fmt(const char *fmt, ...);
typedef struct { char *p; size_t n, cap; } Buf;
void buf_put(Buf *b, const char *s, size_t n); Str *buf_take(Buf *b); Table *table_new(void); Value table_get(Table *t, Value k);
Value table_field(Table *t, const char *name); void table_set(Table *t, Value k, Value v);
bool table_step(Table *t, uint32_t *pos, Value *k, Value *v); bool table_seek(Table *t, Value k, uint32_t *pos); bool raw_equal(Value a, Value b);
bool fiber_stack(Fiber *f, bool big); void fiber_release(Fiber *f);

/* parse.c */
bool load_text(const char *src, size_t len, Str *chunkname, Value env, Value *out); Code *parse_chunk(const char *src, size_t len, Str *chunkname);
bool parse_number(const char *s, size_t len, Value *out); void utf8_put(Buf *b, uint32_t c);

/* eval.c */
_Noreturn void throw_value(Value v);
_Noreturn void throw_fmt(const char *fmt, ...);                 /* message prefixed with the current position */
int fiber_resume(Fiber *f, Value *a, int n); int fiber_yield(Value *a, int n); int base_next(Value *a, int n); void eval_init(void);
int invoke(Value fn, Value *base, int n, const Node *site); Value call_one(Value fn, int n, Value a, Value b, Value c);
bool protect(Value fn, Value *base, int n, Value msgh, int *nres); bool close_pending(int depth, Value *err, bool failing); void need(int n);
Value metamethod(Value v, Op ev); Value index_value(Value o, Value k, const Node *n); void assign_index(Value o, Value k, Value v, const Node *n);
Value arith(Op op, Value a, Value b, const Node *n); bool equal_values(Value a, Value b); bool less_than(Value a, Value b);
bool less_equal(Value a, Value b); Value length_of(Value v, const Node *n); Func *func_new(Code *c, Value env); bool to_int(Value v, int64_t *out);
bool to_num(Value v, double *out); const char *kind_name(Value v); const char *type_label(Value v); Str *number_str(Value v); Str *to_str(Value v);
Str *position(Frame *f); Str *traceback(Fiber *f, Frame *from, const char *msg); const char *name_of(const Node *e, const char **kind);

/* argument access for natives (lib.c) */
_Noreturn void arg_error(int i, const char *fmt, ...); int64_t arg_int(Value *a, int n, int i); int64_t opt_int(Value *a, int n, int i, int64_t def);
double arg_num(Value *a, int n, int i); Str *arg_str(Value *a, int n, int i); Table *arg_table(Value *a, int n, int i);
Value arg_any(Value *a, int n, int i); _Noreturn void arg_type(Value *a, int n, int i, const char *want);
void native_add(Table *t, const char *module, const char *name, int (*run)(Value *, int));
Native *native_new(const char *module, const char *name, int (*run)(Value *, int)); bool load_file(const char *path, Value *out);
void open_base(void); void open_strings(void); void open_system(void);
#endif
