//! Colours of names, taken from an `LS_COLORS` style specification.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const ANY_EXECUTE: u32 = 0o111;
const OTHERS_WRITE: u32 = 0o002;

/// Terminal codes by file kind (`di`, `ln`, ...) and by extension.
#[derive(Default)]
pub struct Palette {
    kinds: HashMap<String, String>,
    extensions: HashMap<String, String>,
}

impl Palette {
    /// Reads `key=code` items separated by colons, up to the first empty
    /// item. Items without `=` are ignored; of a code that holds another
    /// `=`, only the part before it counts.
    pub fn from_spec(spec: &str) -> Palette {
        let mut palette = Palette::default();
        for item in spec.split(':').take_while(|item| !item.is_empty()) {
            let mut parts = item.split('=');
            let (Some(key), Some(code)) = (parts.next(), parts.next()) else { continue };
            match key.strip_prefix("*.") {
                Some(extension) => palette.extensions.insert(extension.to_string(), code.to_string()),
                None => palette.kinds.insert(key.to_string(), code.to_string()),
            };
        }
        palette
    }

    /// The code for a path; `meta` must not have followed a link.
    pub fn code_for(&self, path: &Path, meta: &Metadata) -> Option<String> {
        let code = self.link_code(path, meta).or_else(|| self.directory_code(path, meta));
        code.or_else(|| self.file_code(path, meta)).cloned()
    }

    /// The code of a file kind, provided that the condition holds.
    fn pick(&self, when: bool, kind: &str) -> Option<&String> {
        if when { self.kinds.get(kind) } else { None }
    }

    /// Links: `ln` when the target, as written, can be reached from the
    /// current directory, else `or`.
    fn link_code(&self, path: &Path, meta: &Metadata) -> Option<&String> {
        let link = meta.file_type().is_symlink();
        let reachable = link && fs::read_link(path).is_ok_and(|target| target.exists());
        self.pick(reachable, "ln").or_else(|| self.pick(link, "or"))
    }

    /// Directories: `ow` when writable by others, else `di`.
    fn directory_code(&self, path: &Path, meta: &Metadata) -> Option<&String> {
        let directory = path.is_dir();
        let open = directory && meta.mode() & OTHERS_WRITE != 0;
        self.pick(open, "ow").or_else(|| self.pick(directory, "di"))
    }

    /// Everything else: `ex` by mode, then by extension or `fi` for regular
    /// files and links to them, `bd` for what is neither.
    fn file_code(&self, path: &Path, meta: &Metadata) -> Option<&String> {
        let regular = path.is_file();
        let extension = || self.extensions.get(path.extension()?.to_str()?);
        self.pick(meta.mode() & ANY_EXECUTE != 0, "ex")
            .or_else(|| self.pick(!regular, "bd"))
            .or_else(extension)
            .or_else(|| self.pick(regular, "fi"))
    }
}
