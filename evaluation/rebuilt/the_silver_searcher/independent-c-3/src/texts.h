/* Made from help.txt and types.txt by compile.sh. */
extern const char help_text[], types_text[];
