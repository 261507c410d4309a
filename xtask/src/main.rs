//! `cargo xtask`: everything a developer runs, in one list.
//!
//! Each command is a module of its own. They know the repository's layout and the names of its tools; they know
//! nothing of the product beyond the command line of its binary. This crate compiles before everything else, so it
//! uses next to no dependencies.

mod bench;
mod console;
mod demo;
mod dev;
mod guard;
mod migration;
mod node;
mod process;
mod style;
mod test;
mod tools;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// The developer's commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve a demo department on this machine
    Demo(demo::Options),
    /// Serve a demo department with the workspace rebuilt on each change
    Dev(dev::Options),
    /// Run every check; the last line counts them
    Test(test::Options),
    /// Measure the release build beside the machine's own limits
    Bench(bench::Options),
    /// Say what is wrong with the code: formatting, clippy, types of the workspace
    Lint,
    /// Format the code
    Fmt,
    /// Write the next empty migration file
    NewMigration(migration::Options),
    #[command(name = guard::COMMAND, hide = true)]
    CleanUpAfter { folder: PathBuf },
}

fn main() -> ExitCode {
    let Some(command) = Cli::parse().command else {
        let _ = Cli::command().print_help();
        return ExitCode::SUCCESS;
    };
    let done = match command {
        Command::Demo(options) => demo::run(&options),
        Command::Dev(options) => dev::run(&options),
        Command::Test(options) => return test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Lint => style::lint(),
        Command::Fmt => style::format(),
        Command::NewMigration(options) => migration::run(&options),
        Command::CleanUpAfter { folder } => guard::watch(&folder),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
