//! Installing the git pre-commit hook.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const HOOK_LINE: &str = "ripsecrets --strict-ignore `git diff --cached --name-only --diff-filter=ACM`\n";

pub fn install(repository: &Path) -> Result<(), String> {
    let git = repository.join(".git");
    if !git.is_dir() {
        return Err(".git directory not found".to_string());
    }
    let script = git.join("hooks/pre-commit");
    let content = fs::read_to_string(&script).unwrap_or_default();
    if content.contains(HOOK_LINE.trim_end()) {
        return Err("pre-commit hook has already been installed".to_string());
    }
    let written = fs::write(&script, content + HOOK_LINE).and_then(|_| fs::metadata(&script));
    let mode = written.map_err(|e| e.to_string())?.permissions().mode();
    fs::set_permissions(&script, Permissions::from_mode(mode | 0o100)).map_err(|e| e.to_string())
}
