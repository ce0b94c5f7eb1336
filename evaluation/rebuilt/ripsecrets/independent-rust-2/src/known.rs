//! The patterns of known secrets.

const PATTERNS: [&str; 21] = [
    r"[A-Za-z]+://\S{3,50}:(\S{8,50})@[\dA-Za-z#%&+./:=?_~-]+",
    r"\beyJ[\dA-Za-z=_-]+(?:\.[\dA-Za-z=_-]{3,}){1,4}",
    r"(?:gh[oprsu]|github_pat)_[\dA-Za-z_]{36}",
    r"glpat-[\dA-Za-z_=-]{20,22}",
    r"[rs]k_live_[\dA-Za-z]{24,247}",
    r"sq0i[a-z]{2}-[\dA-Za-z_-]{22,43}",
    r"sq0c[a-z]{2}-[\dA-Za-z_-]{40,50}",
    r"EAAA[\dA-Za-z+=-]{60}",
    r"AccountKey=[\d+/=A-Za-z]{88}",
    r"AIzaSy[\dA-Za-z_-]{33}",
    r"npm_[\dA-Za-z]{36}",
    r"//.+/:_authToken=[\dA-Za-z_-]+",
    r"xox[aboprs]-(?:\d+-)+[\da-z]+",
    r"<master>\{[\dA-Za-z]+\\}</master>",
    r"https://hooks\.slack\.com/services/T[\dA-Za-z_]+/B[\dA-Za-z_]+/[\dA-Za-z_]+",
    r"SG\.[\dA-Za-z_-]{22}\.[\dA-Za-z_-]{43}",
    r"(?:AC|SK)[\da-z]{32}",
    r"[\da-f]{32}-us\d{1,2}",
    r"s-s4t2(?:af|ud)-[\da-f]{64}",
    r"PuTTY-User-Key-File-2",
    r"AGE-SECRET-KEY-1[\dA-Z]{58}",
];
const KEY_BLOCKS: &str = "DSA PRIVATE KEY|EC PRIVATE KEY|OPENSSH PRIVATE KEY|PGP PRIVATE KEY BLOCK|PRIVATE KEY|RSA PRIVATE KEY|SSH2 ENCRYPTED PRIVATE KEY";
const ASSIGNMENT: &str = r#"(?i:key|token|secret|password)\w*["']?]?\s*(?:[:=]|:=|=>|<-|>)\s*[\t "'`]?([\w+./=~\-\\`^]{15,90})(?:[\t\n "'`]|</|$)"#;

/// All patterns as one alternation inside a group.
pub fn combined(extra: &[String]) -> String {
    let mut all: Vec<String> = PATTERNS.iter().map(|p| p.to_string()).collect();
    all.extend(KEY_BLOCKS.split('|').map(|k| format!("-{{5}}BEGIN {}-{{5}}(?:$|[^-]{{63,}}-{{5}}END)", k)));
    all.push(ASSIGNMENT.to_string());
    all.extend(extra.iter().cloned());
    format!("({})", all.join("|"))
}
