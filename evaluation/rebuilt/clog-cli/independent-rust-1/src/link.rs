//! Links to commits and issues for each hosting style.

pub struct Links<'a> {
    pub style: &'a str,
    pub repository: Option<&'a str>,
}

impl Links<'_> {
    pub fn commit(&self, hash: &str) -> String {
        match (self.repository, self.style) {
            (None, _) => short(hash).to_string(),
            (Some(repository), "stash") => format!("{repository}/commits/{hash}"),
            (Some(repository), "cgit") => format!("{repository}/commit/?id={hash}"),
            (Some(repository), _) => format!("{repository}/commit/{hash}"),
        }
    }

    /// Stash and cgit have no issue pages, so the bare number is used there.
    pub fn issue(&self, number: &str) -> String {
        match (self.repository, self.style) {
            (Some(repository), "github" | "gitlab") => format!("{repository}/issues/{number}"),
            _ => number.to_string(),
        }
    }
}

pub fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
