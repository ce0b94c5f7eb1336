//! What a run does: first-time setup, taking down an idea, viewing, clearing.

use crate::cli::EurekaOptions;
use crate::config;
use crate::error::Result;
use crate::git::Repository;
use crate::programs;
use crate::push;
use crate::terminal::Terminal;
use std::path::Path;

pub fn run(options: &EurekaOptions) -> Result<()> {
    if options.clear_config {
        return config::clear();
    }
    if options.view {
        return view();
    }
    let mut terminal = Terminal::new();
    match config::read_repo() {
        Ok(repo) => capture_idea(&mut terminal, &repo),
        Err(_) => first_time_setup(&mut terminal),
    }
}

fn view() -> Result<()> {
    programs::open_pager(&readme_of(&config::read_repo()?))
}

fn first_time_setup(terminal: &mut Terminal) -> Result<()> {
    config::create_dir()?;
    terminal.banner()?;
    let repo = ask_for_repo(terminal)?;
    config::write_repo(&repo)?;
    terminal.line("First time setup complete. Happy ideation!")
}

fn ask_for_repo(terminal: &mut Terminal) -> Result<String> {
    loop {
        let answer = terminal.ask("Absolute path to your idea repo")?;
        if Path::new(&answer).is_absolute() {
            return Ok(answer);
        }
        terminal.complaint("Path must be absolute")?;
    }
}

/// Even when the editor fails, what is there is stored; the editor's error is the one reported.
fn capture_idea(terminal: &mut Terminal, repo_path: &str) -> Result<()> {
    let summary = terminal.ask(">> Idea summary")?;
    let repository = Repository::open(repo_path)?;
    let edited = programs::open_editor(&readme_of(repo_path));
    let stored = store(terminal, &repository, &summary);
    edited.and(stored)
}

fn store(terminal: &mut Terminal, repository: &Repository, summary: &str) -> Result<()> {
    terminal.line("Adding and committing your new idea to main..")?;
    repository.checkout_main()?;
    repository.add_readme()?;
    repository.commit(summary)?;
    terminal.line("Added and committed!")?;
    terminal.line("Pushing your new idea..")?;
    push::push_main(repository)?;
    terminal.line("Pushed!")
}

fn readme_of(repo_path: &str) -> String {
    format!("{repo_path}/README.md")
}
