//! Addresses of links and images.
use crate::tidy::fold_blanks;

/// Writes what stands between the parentheses of a link.
pub fn target(address: &str, title: &str, domain: &str) -> String {
    let address = address.trim();
    let full = if domain.is_empty() { address.to_string() } else { resolve(address, domain) };
    let title = fold_blanks(title);
    let title = title.trim();
    let quoted = if title.is_empty() {
        String::new()
    } else if title.contains('"') && !title.contains('\'') {
        format!(" '{title}'")
    } else {
        format!(" \"{}\"", title.replace('"', "\\\""))
    };
    encode(&full) + &quoted
}

/// Escapes bytes that would end or confuse a link.
fn encode(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'"' | 0..=b' ' | 0x7f.. => out.push_str(&format!("%{byte:02X}")),
            _ => out.push(char::from(byte)),
        }
    }
    out
}

fn has_scheme(address: &str) -> bool {
    let valid = |scheme: &str| scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    address.split_once(':').is_some_and(|(scheme, _)| scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && valid(scheme))
}

/// Makes an address absolute.
fn resolve(address: &str, domain: &str) -> String {
    if has_scheme(address) {
        return address.to_string();
    }
    let domain = if domain.contains("://") { domain.to_string() } else { format!("http://{domain}") };
    let base = domain.split('#').next().unwrap_or_default();
    let (scheme, rest) = base.split_once("://").unwrap_or(("http", base));
    let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let origin = format!("{scheme}://{}", &rest[..host_end]);
    let path = rest[host_end..].split('?').next().unwrap_or_default();
    match address.chars().next() {
        None | Some('#') => format!("{base}{address}"),
        Some('?') => format!("{origin}{path}{address}"),
        _ if address.starts_with("//") => format!("{scheme}:{address}"),
        Some('/') => origin + &without_dots(address),
        _ => {
            let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
            origin + &without_dots(&format!("{folder}{address}"))
        }
    }
}

fn without_dots(address: &str) -> String {
    let (path, tail) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            ".." => drop(kept.pop()),
            "." => {}
            _ => kept.push(part),
        }
    }
    if path.ends_with("/..") || path.ends_with("/.") {
        kept.push("");
    }
    format!("/{}{tail}", kept.join("/"))
}
