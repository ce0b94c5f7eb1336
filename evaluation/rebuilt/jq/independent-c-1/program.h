/* program.h - the compiled form of a filter, shared by parser, evaluator and builtins. */
#ifndef PROGRAM_H
#define PROGRAM_H
#include "value.h"

typedef enum { N_ID, N_LIT, N_INDEX, N_SLICE, N_ITER, N_PIPE, N_COMMA, N_NEG, N_BIN, N_AND, N_OR, N_ALT, N_ASSIGN, N_IF, N_TRY, N_REDUCE, N_FOREACH, N_DEF, N_CALL, N_PARAM, N_NATIVE, N_SPECIAL, N_VAR, N_AS, N_LABEL, N_BREAK, N_FORMAT, N_STRING, N_ARRAY, N_OBJECT } Kind;
typedef struct Node Node;
/* A destructuring pattern: a variable (n == 0), an array, or an object (keys != NULL). */
typedef struct Pat { int var, n; struct Pat **subs; Node **keys; int *key_var, *known; bool is_obj; } Pat;
typedef struct { const char *name; int n; const char **params; bool *by_value; Node *body; } Func;
/* A function from values to a value. */
typedef struct { const char *name; int arity; Status (*fn)(Val in, Val *a, Val *out); double (*m1)(double); double (*m2)(double, double); } Native;
struct Node {
    Kind k;
    const char *op;       /* operator text, format name, function name */
    Val v;                /* literal */
    Node *a, *b, *c, *d;  /* operands */
    Node **kids; int n;   /* arguments, string parts, object keys and values, or number of pattern variables */
    int up;               /* cells between the environment here and the one referred to; -1: a builtin */
    Func *fn;
    Pat *pat;
    const Native *native;
};
/* Named global constant, such as those given by --arg. */
typedef struct { const char *name; Val v; } Global;
Node *parse_program(const char *src, Global *globals, int n); /* NULL after printing the errors */

/* What receives each output of a filter: a function with the data it needs and its own receiver. */
typedef struct Path { const struct Path *up; Val key; } Path;
typedef struct Env { struct Env *up; Val v; Node *body; struct Env *env; } Env;
typedef struct K { Status (*f)(struct K *, const Path *, Val); Node *n; Env *e; struct K *k; const Path *p; Val v, w; int i; void *x; } K;
Status eval(Node *n, Env *e, const Path *p, Val v, K *k);

Status binary_op(const char *op, Val a, Val b, Val *out);
Status apply_format(const char *name, Val v, Val *out);
const Native *find_native(const char *name, int arity);
bool is_special(const char *name, int arity);
extern const char *prelude;
Status regex_match(Val in, Val *a, Val *out);

extern Status (*next_input)(Val *out, bool *have);
extern Val input_name(void);
extern int input_line(void);
void halt_program(int code);
#endif
