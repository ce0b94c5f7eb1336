//! Failures that end a run after the command line was understood.

pub struct Error(pub &'static str);

pub const IO: Error = Error("fatal I/O error with output file");
pub const CONFIG: Error = Error("Failed to parse TOML configuration file");
pub const SEMVER: Error = Error(
    "Failed to parse version into valid SemVer. Ensure the version is in the X.Y.Z format.",
);
