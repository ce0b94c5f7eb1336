//! Shell-like patterns (`*` and `?`) over whole paths; `*` also crosses slashes.

pub fn matches(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    if first == '*' {
        let mut starts = text.char_indices().map(|(i, _)| i).chain([text.len()]);
        return starts.any(|i| matches(rest, &text[i..]));
    }
    let Some(c) = text.chars().next() else { return false };
    (first == '?' || first == c) && matches(rest, &text[c.len_utf8()..])
}
