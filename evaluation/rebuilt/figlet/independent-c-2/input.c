/* From bytes to character codes: decoding, control files, paragraph joining. */
#include "banner.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void input_init(Input *in)
{
    memset(in, 0, sizeof *in);
    in->stream = stdin;
}

static void add_mapping(Input *in, Mapping map)
{
    in->maps = grow(in->maps, (size_t)(in->map_count + 1) * sizeof(Mapping));
    in->maps[in->map_count++] = map;
}

/* Parse a literal or backslashed character; false at the end of the line. */
static bool parse_char(char **at, bool wide, long *code)
{
    char *p = *at;
    if (!*p)
        return false;
    if (*p != '\\') {
        const unsigned char *u = (const unsigned char *)p;
        *code = wide ? (long)utf8_take(&u) : *u++;
        *at = (char *)u;
        return true;
    }
    p++;
    if (isdigit((unsigned char)*p) || (*p == '-' && isdigit((unsigned char)p[1]))) {
        *code = strtol(p, at, 0);
        return true;
    }
    *code = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'e' ? 27 : (unsigned char)*p;
    *at = *p ? p + 1 : p;
    return true;
}

static char *skip_blanks(char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* Parse "x" or "x-y". */
static bool parse_range(char **at, bool wide, long *lo, long *hi)
{
    *at = skip_blanks(*at);
    if (!parse_char(at, wide, lo))
        return false;
    *hi = *lo;
    if (**at == '-') {
        ++*at;
        return parse_char(at, wide, hi);
    }
    return true;
}

static void parse_command(Input *in, char *p)
{
    long lo, hi, to, to_end;
    p = skip_blanks(p);
    if (isdigit((unsigned char)*p) || *p == '-') {
        lo = strtol(p, &p, 0);
        to = strtol(p, &p, 0);
        add_mapping(in, (Mapping){ lo, lo, to, false });
        return;
    }
    switch (*p) {
    case 't':
        p++;
        if (parse_range(&p, false, &lo, &hi) && parse_range(&p, false, &to, &to_end))
            add_mapping(in, (Mapping){ lo, hi, to, false });
        break;
    case 'f': add_mapping(in, (Mapping){ .stage_end = true }); break;
    case 'j': in->encoding = BYTES_SHIFTJIS; break;
    case 'u': in->encoding = BYTES_UTF8; break;
    }
}

void input_add_control(Input *in, const char *dir, const char *name)
{
    static const char *const suffixes[] = { ".flc", NULL };
    FILE *file = open_resource(dir, name, suffixes);
    char *buffer = NULL;
    size_t room = 0;
    bool first = true;
    if (!file)
        die(name, "Unable to open control file");
    if (in->map_count > 0)     /* every file is a stage of its own */
        add_mapping(in, (Mapping){ .stage_end = true });
    while (getline(&buffer, &room, file) >= 0) {
        buffer[strcspn(buffer, "\r\n")] = '\0';
        if (!(first && !strncmp(buffer, "flc2", 4)))
            parse_command(in, buffer);
        first = false;
    }
    free(buffer);
    fclose(file);
}

static long apply_mappings(const Input *in, long code)
{
    for (int i = 0; i < in->map_count; i++) {
        const Mapping *map = &in->maps[i];
        if (map->stage_end || code < map->lo || code > map->hi)
            continue;
        code += map->target - map->lo;
        while (i + 1 < in->map_count && !in->maps[i + 1].stage_end)
            i++;                         /* one hit per stage */
    }
    return code;
}

static long apply_german(long code)
{
    static const char from[] = "[\\]{|}~";
    static const long to[] = { 196, 214, 220, 228, 246, 252, 223 };
    const char *hit = code > 0 && code < 127 ? strchr(from, (int)code) : NULL;
    return hit ? to[hit - from] : code;
}

static int next_byte(Input *in)
{
    if (in->text)
        return in->text_pos < in->text_len ? in->text[in->text_pos++] : EOF;
    return getc(in->stream);
}

/* Complete a two-byte character. */
static long pair_with(Input *in, long high)
{
    int low = next_byte(in);
    return low == EOF ? high : high * 256 + low;
}

static long decode_utf8(Input *in, int lead)
{
    if (lead < 0x80)
        return lead;
    if (lead < 0xc0 || lead >= 0xf8)
        return UNKNOWN_CODE;
    int extra = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    long code = lead & (0x3f >> extra);
    while (extra-- > 0) {
        int byte = next_byte(in);
        if (byte == EOF || (byte & 0xc0) != 0x80)
            return UNKNOWN_CODE;
        code = code << 6 | (byte & 0x3f);
    }
    return code;
}

static long decode(Input *in)
{
    int byte = next_byte(in);
    if (byte == EOF)
        return INPUT_END;
    if (in->encoding == BYTES_UTF8)
        return decode_utf8(in, byte);
    bool lead = (byte >= 128 && byte <= 159) || (byte >= 224 && byte <= 239);
    return lead && in->encoding == BYTES_SHIFTJIS ? pair_with(in, byte) : byte;
}

/* Decoded and mapped, with one character of lookahead. */
static long take(Input *in)
{
    if (in->has_ahead) {
        in->has_ahead = false;
        return in->ahead;
    }
    long code = decode(in);
    if (code == INPUT_END)
        return code;
    return apply_mappings(in, in->german ? apply_german(code) : code);
}

static bool is_space(long code)
{
    return code == ' ' || (code >= 9 && code <= 13);
}

long input_next(Input *in)
{
    long code = take(in), before = in->previous;
    in->previous = code;
    if (in->paragraphs && code == '\n' && before != '\n') {
        in->ahead = take(in);
        in->has_ahead = true;
        if (!is_space(in->ahead))
            return ' ';
    }
    return code;
}
