//! Pushing main to origin: over the network, or to a bare repository on this machine.

use crate::error::{self, os_text, Class, Code, Error, Result};
use crate::git::{self, Repository};
use std::fs;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

const REFSPEC: &str = "refs/heads/main:refs/heads/main";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);
/// Hooks of a local remote are not run.
const LOCAL_RECEIVER: &str = "--receive-pack=git -c core.hooksPath=/dev/null receive-pack";

#[derive(Debug, PartialEq)]
enum Remote {
    Local(String),
    Network { host: String, port: u16 },
}

pub fn push_main(repository: &Repository) -> Result<()> {
    let url = push_url(repository)?;
    let mut args = vec!["push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"];
    match classify(&url)? {
        Remote::Local(path) => {
            check_local(&path)?;
            args.push(LOCAL_RECEIVER);
        }
        Remote::Network { host, port } => check_reachable(&host, port)?,
    }
    args.extend(["origin", REFSPEC]);
    let output = git::command(repository.path(), &args).stdin(Stdio::null()).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(failure(&output)),
    }
}

fn push_url(repository: &Repository) -> Result<String> {
    let url = match repository.config("remote.origin.pushurl")? {
        Some(url) => Some(url),
        None => repository.config("remote.origin.url")?,
    };
    match url {
        None => Err(error::git("remote 'origin' does not exist", Class::Config, Some(Code::NotFound))),
        Some(url) if url.is_empty() => {
            Err(error::git("malformed remote 'origin' - missing push URL", Class::Invalid, Some(Code::Invalid)))
        }
        Some(url) => Ok(repository.push_url()?.unwrap_or(url)),
    }
}

fn classify(url: &str) -> Result<Remote> {
    if let Some((scheme, rest)) = url.split_once("://") {
        let port = match scheme {
            "file" => return Ok(Remote::Local(rest.to_string())),
            "https" => 443,
            "http" => 80,
            "ssh" | "ssh+git" | "git+ssh" => 22,
            "git" => 9418,
            _ => {
                let message = format!("unknown scheme for URL '{url}'");
                return Err(error::git(message, Class::Net, Some(Code::InvalidSpec)));
            }
        };
        let authority = rest.split('/').next().unwrap_or_default();
        return Ok(network(authority, port));
    }
    if Path::new(url).is_dir() {
        return Ok(Remote::Local(url.to_string()));
    }
    match url.split_once(':') {
        Some((authority, _)) if !authority.contains('/') => Ok(network(authority, 22)),
        _ => Err(error::git("unsupported URL protocol", Class::Net, None)),
    }
}

/// `[user@]host[:port]`, the host perhaps a bracketed IPv6 address.
fn network(authority: &str, default_port: u16) -> Remote {
    let place = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let port = port.and_then(|port| port.parse().ok()).unwrap_or(default_port);
    Remote::Network { host: host.to_string(), port }
}

fn check_local(path: &str) -> Result<()> {
    if let Err(err) = fs::metadata(path) {
        let message = format!("failed to resolve path '{path}': {}", os_text(&err));
        return Err(error::git(message, Class::Os, None));
    }
    if !git::is_repository(Path::new(path)) {
        return Err(error::git(format!("could not find repository from '{path}'"), Class::Repository, None));
    }
    let output = git::command(path, &["rev-parse", "--is-bare-repository"]).output()?;
    if output.stdout.starts_with(b"false") {
        let message = "local push doesn't (yet) support pushing to non-bare repos.";
        return Err(error::git(message, Class::Invalid, Some(Code::BareRepo)));
    }
    Ok(())
}

/// Finds out first whether the host can be reached at all, to report it plainly.
fn check_reachable(host: &str, port: u16) -> Result<()> {
    let addresses = (host, port).to_socket_addrs().map_err(|err| {
        error::git(format!("failed to resolve address for {host}: {}", os_text(&err)), Class::Net, None)
    })?;
    let mut last = None;
    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(err) => last = Some(err),
        }
    }
    let why = last.map_or_else(|| "no address".to_string(), |err| os_text(&err));
    Err(error::git(format!("failed to connect to {host}: {why}"), Class::Os, None))
}

fn failure(output: &Output) -> Error {
    let report = String::from_utf8_lossy(&output.stdout);
    if report.lines().any(|line| line.starts_with('!') && line.contains("[rejected]")) {
        let message = "cannot push because a reference that you are trying to update on the remote \
                       contains commits that are not present locally.";
        return error::git(message, Class::Reference, Some(Code::NotFastForward));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| line.starts_with("fatal:") || line.starts_with("error:"));
    let line = line.or(said.lines().next()).unwrap_or("push failed");
    let line = line.trim_start_matches("fatal: ").trim_start_matches("error: ");
    error::git(line, Class::Net, None)
}
