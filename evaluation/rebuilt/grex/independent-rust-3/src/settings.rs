//! Everything the user can choose, by the long name of the option.

use std::collections::HashMap;

#[derive(Default)]
pub struct Settings(pub HashMap<&'static str, String>);

impl Settings {
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value of a numeric option, which is one unless given.
    pub fn number(&self, name: &str) -> usize {
        self.0.get(name).and_then(|value| value.parse().ok()).unwrap_or(1)
    }
}
