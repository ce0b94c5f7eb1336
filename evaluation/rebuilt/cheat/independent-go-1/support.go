package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A reader for the YAML that configs and front-matter use: top-level keys with
// scalars, one-line flow collections, or lists of scalars or of flat maps.

var reYAMLComment = regexp.MustCompile(`(^|\s)#.*`)

func parseYAML(src string) (map[string]any, error) {
	doc := map[string]any{}
	topKey, itemKey, itemIndent := "", "", -1
	var item map[string]any
	for i, l := range strings.Split(src, "\n") {
		l = strings.TrimRight(reYAMLComment.ReplaceAllString(l, ""), " \t\r")
		text := strings.TrimLeft(l, " ")
		indent := len(l) - len(text)
		if text == "" || l == "---" {
			continue
		}
		isItem := text == "-" || strings.HasPrefix(text, "- ")
		if isItem {
			text = strings.TrimSpace(text[1:])
		}
		key, val, isPair := strings.Cut(text+" ", ": ")
		if !isPair {
			val = text
		}
		v, err := flowValue(strings.TrimSpace(val), i+1)
		if err != nil {
			return nil, err
		}
		list, _ := doc[topKey].([]any)
		switch {
		case isItem && item != nil && indent > itemIndent:
			inner, _ := item[itemKey].([]any)
			item[itemKey] = append(inner, v)
		case isItem && isPair:
			item, itemKey, itemIndent = map[string]any{key: v}, key, indent
			doc[topKey] = append(list, item)
		case isItem:
			doc[topKey] = append(list, v)
		case !isPair:
			return nil, fmt.Errorf("yaml: line %d: could not find expected ':'", i+2)
		case indent > 0 && item != nil:
			item[key], itemKey = v, key
		default:
			doc[key], topKey, item = v, key, nil
		}
	}
	return doc, nil
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

func flowValue(s string, num int) (any, error) {
	if !strings.HasPrefix(s, "[") {
		return unquote(s), nil
	}
	body, closed := strings.CutSuffix(s[1:], "]")
	if !closed && strings.TrimSpace(body) == "" {
		return nil, fmt.Errorf("yaml: line %d: did not find expected node content", num)
	} else if !closed {
		return nil, fmt.Errorf("yaml: line %d: did not find expected ',' or ']'", num)
	}
	list := []any{}
	for _, e := range strings.Split(body, ",") {
		if e = unquote(e); e != "" {
			list = append(list, e)
		}
	}
	return list, nil
}

func yamlString(v any) string {
	s, _ := v.(string)
	return s
}

func yamlStrings(v any) (out []string) {
	list, _ := v.([]any)
	for _, e := range list {
		out = append(out, yamlString(e))
	}
	return out
}

// Shell highlighting. A kind's first letter is its colour: t text, c comment,
// k keyword, o operator, n number, s string; the rest keeps tokens apart.

type rule struct {
	re   *regexp.Regexp // group 1, if there is one, is the token
	kind string
	next byte // state to enter, '<' to leave the present one
}

func r(expr, kind string, next byte) rule {
	return rule{regexp.MustCompile("^(?s:" + expr + ")"), kind, next}
}

var interpRules = []rule{
	r(`\$\(\(`, "k", 'm'), r(`\$\(`, "k", 'p'), r(`\$\{#?`, "si", 'c'), r(`\$(?:[a-zA-Z_]\w*|\d+|[#$?!_*@-])`, "tv", 0),
}

var rootRules = append([]rule{
	r(`#[^\n]*`, "c", 0),
	r(`(?:if|fi|else|while|do|done|for|then|return|function|case|select|continue|until|esac|elif|break)\b`, "k", 0),
	r("(alias|bg|bind|builtin|cd|command|complete|declare|dirs|echo|enable|eval|exec|exit|export|false|fc|fg|hash|help|history|jobs|kill|let|local|logout|popd|printf|pushd|pwd|read|readonly|set|shift|shopt|source|test|time|trap|true|type|ulimit|umask|unalias|unset|wait)[\\s)`]", "tb", 0),
	r(`(\w+)\s*\+?=`, "tv", 0), r(`\\.`, "n\\", 0), r(`&&|\|\||<<<|[\[\]{}()]|\+?=`, "o", 0),
	r(`\$?'(?:\\.|[^'\\])*'`, "s1", 0), r(`[;&|]`, "tp", 0), r(`\s+`, "t", 0), r(`(\d+)(?: |\n|$)`, "n", 0),
	r(`"`, "s2", 's'), r("`", "sb", 'b'),
}, append(interpRules, r("[^=\\s\\[\\]{}()$\"'`\\\\<&|;]+", "t", 0), r(`.`, "t", 0))...)

var states = map[byte][]rule{
	0:   rootRules,
	'p': append([]rule{r(`\)`, "k", '<')}, rootRules...),
	'b': append([]rule{r("`", "sb", '<')}, rootRules...),
	'm': append([]rule{r(`\)\)`, "k", '<'), r(`\*\*|\|\||[-+*/%^|&]`, "o", 0), r(`\d+`, "n", 0)}, rootRules...),
	'c': append([]rule{r(`\}`, "si", '<'), r(`:-`, "k", 0), r(`\w+`, "tv", 0), r("[^}:\"'`$\\\\]+|:", "tp", 0)}, rootRules...),
	's': append([]rule{r(`"`, "s2", '<'), r(`(?:\\.|[^"\\$])+`, "s2", 0)}, append(interpRules, r(`.`, "s2", 0))...),
}

var palettes = map[string]map[byte]string{
	"terminal":    {'t': "1m\x1b[37", 'c': "1m\x1b[30", 'k': "1m\x1b[36", 'o': "1m\x1b[31", 'n': "33", 's': "37"},
	"terminal256": {'t': "38;5;231", 'c': "38;5;242", 'k': "38;5;81", 'o': "38;5;197", 'n': "38;5;141", 's': "38;5;186"},
	"terminal16m": {'t': "38;2;248;248;242", 'c': "38;2;117;113;94", 'k': "38;2;102;217;239", 'o': "38;2;249;38;114", 'n': "38;2;174;129;255", 's': "38;2;230;219;116"},
	"bw":          {'c': "3", 'k': "1", 's': "3"},
}

type token struct{ kind, text string }

func lexShell(src string) (toks []token) {
	stack := []byte{0}
	for src != "" {
		for _, rl := range states[stack[len(stack)-1]] {
			m := rl.re.FindStringSubmatch(src)
			if m == nil {
				continue
			}
			text := m[len(m)-1]
			src = src[len(text):]
			if n := len(toks) - 1; n >= 0 && toks[n].kind == rl.kind {
				toks[n].text += text
			} else {
				toks = append(toks, token{rl.kind, text})
			}
			if rl.next == '<' {
				stack = stack[:len(stack)-1]
			} else if rl.next != 0 {
				stack = append(stack, rl.next)
			}
			break
		}
	}
	return toks
}

func highlight(text, syntax string, conf *config) string {
	toks := []token{{"t", text}}
	if syntax == "" || strings.HasSuffix(syntax, "sh") || syntax == "shell" {
		toks = lexShell(text)
	}
	palette := palettes[conf.formatter]
	if conf.style == "" || conf.style == "bw" {
		palette = palettes["bw"]
	}
	var out strings.Builder
	for _, t := range toks {
		code := palette[t.kind[0]]
		for _, part := range strings.SplitAfter(t.text, "\n") {
			if code == "" || part == "" {
				out.WriteString(part)
				continue
			}
			body := strings.TrimSuffix(part, "\n")
			out.WriteString("\x1b[" + code + "m" + body + "\x1b[0m" + part[len(body):])
		}
	}
	return out.String()
}
