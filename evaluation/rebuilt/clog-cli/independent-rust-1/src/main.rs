//! Changelog generator for repositories that follow the conventional commit format.

mod cli;
mod cli_error;
mod commit;
mod config;
mod error;
mod git;
mod json;
mod link;
mod markdown;
mod output;
mod release;
mod toml;
mod version;

use error::Error;
use std::time::Instant;

fn main() {
    let mut argv = std::env::args();
    let argv0 = argv.next().unwrap_or_default();
    let program = argv0.rsplit('/').next().unwrap_or("clog");
    match cli::parse(argv.collect()) {
        Ok(cli::Outcome::Help) => print!("{}", cli::help(program)),
        Ok(cli::Outcome::Version) => println!("clog 0.10.0"),
        Ok(cli::Outcome::Run(args)) => {
            if let Err(Error(message)) = run(&args) {
                eprintln!("\x1b[1;31merror:\x1b[0m {message}");
                std::process::exit(1);
            }
        }
        Err(problem) => {
            eprint!("{}", problem.render(program));
            std::process::exit(2);
        }
    }
}

fn run(args: &cli::Args) -> Result<(), Error> {
    let started = Instant::now();
    let config_path = config::locate(args.get("config").unwrap_or(config::DEFAULT_FILE))?;
    let config = config::load(&config_path)?;
    let repo = git::Repo::new(&config_path, args.get("git-dir"), args.get("work-tree"));
    let version = choose_version(args, &repo)?;
    let to = args.get("to").unwrap_or("HEAD");
    let range = match start_commit(args, &config, &repo) {
        Some(from) => format!("{from}..{to}"),
        None => to.to_string(),
    };
    let commits = commit::parse_log(&repo.log(&range), &config);
    let subtitle = args.get("subtitle").map(str::to_string);
    let sections = release::group(commits, &config);
    let release = release::Release { version, subtitle, date: release::today(), sections };
    let style = args.get("link-style").unwrap_or("github");
    let links = link::Links { style, repository: args.get("repository") };
    let text = match args.get("format") {
        Some("json") => json::render(&release, &links),
        _ => markdown::render(&release, &links),
    };
    output::Target::choose(args, &config).write(&text)?;
    println!("changelog written. (took {} ms)", started.elapsed().as_millis());
    Ok(())
}

/// An explicit version wins; otherwise the latest tag is bumped when a bump flag is given.
fn choose_version(args: &cli::Args, repo: &git::Repo) -> Result<Option<String>, Error> {
    if let Some(version) = args.get("setversion") {
        return Ok(Some(version.to_string()));
    }
    match ["major", "minor", "patch"].into_iter().position(|flag| args.has(flag)) {
        Some(part) => version::bump(&repo.latest_tag_name(), part).map(Some),
        None => Ok(None),
    }
}

fn start_commit(args: &cli::Args, config: &config::Config, repo: &git::Repo) -> Option<String> {
    if args.has("from-latest-tag") {
        return Some(repo.latest_tag_commit());
    }
    // With the setting in the file the original queries the tag before it knows the
    // repository, so the range always starts empty.
    let fallback = config.from_latest_tag.then(String::new);
    args.get("from").map(str::to_string).or(fallback)
}
