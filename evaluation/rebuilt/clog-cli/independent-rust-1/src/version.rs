//! Semantic version increments.

use crate::error::{Error, SEMVER};

/// Increments part 0, 1 or 2 of a tag such as `v1.2.3-beta`, keeping prefix and suffix.
/// The tag must match strictly: trailing whitespace is an error, as in the original.
pub fn bump(tag: &str, part: usize) -> Result<String, Error> {
    let version = tag.strip_prefix('v').unwrap_or(tag);
    let prefix = &tag[..tag.len() - version.len()];
    let core_end = version.find(['-', '+']).unwrap_or(version.len());
    let (core, suffix) = version.split_at(core_end);
    let numbers: Result<Vec<u64>, _> = core.split('.').map(str::parse).collect();
    let mut numbers = numbers.map_err(|_| SEMVER)?;
    if numbers.len() != 3 || suffix.contains(char::is_whitespace) {
        return Err(SEMVER);
    }
    numbers[part] += 1;
    numbers[part + 1..].fill(0);
    Ok(format!("{prefix}{}.{}.{}{suffix}", numbers[0], numbers[1], numbers[2]))
}
