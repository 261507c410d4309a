//! The command line, whole. Every setting of `serve` can also stand in `opora.toml` or in an `OPORA_*` variable.

use crate::settings::{GroundArgs, ServingArgs};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Opora: the support department in one program.
#[derive(Debug, Parser)]
#[command(name = "opora", version, about, long_about = None, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the department: API, workspace, mail in and out.
    Serve(ServeArgs),
    /// Make a demonstration department and serve it; nothing else is needed.
    Demo(DemoArgs),
    /// Administrators.
    #[command(subcommand)]
    Admin(Admin),
    /// API tokens.
    #[command(subcommand)]
    Token(Token),
    /// Inboxes.
    #[command(subcommand)]
    Inbox(Inbox),
    /// Import mail archives. Never answers anything automatically.
    Import(ImportArgs),
    /// Build the search index anew from the database. The server must not run on the same data folder.
    Reindex(ReindexArgs),
    /// Show what is understood of a mail.
    Mail(MailArgs),
    /// The search engine by itself.
    #[command(subcommand)]
    Search(Search),
    /// Working time by itself.
    #[command(subcommand)]
    Calendar(Calendar),
}

/// `opora serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub ground: GroundArgs,
    #[command(flatten)]
    pub serving: ServingArgs,
}

/// `opora demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    #[command(flatten)]
    pub ground: GroundArgs,
    #[command(flatten)]
    pub serving: ServingArgs,
    /// How many tickets its history has.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(0..=5_000_000))]
    pub tickets: u32,
    /// The same number makes the same department.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Make the department and end, without serving it.
    #[arg(long)]
    pub create_only: bool,
}

/// `opora admin`
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Create an administrator.
    Create(AdminArgs),
}

/// `opora admin create`
#[derive(Debug, Args)]
pub struct AdminArgs {
    #[command(flatten)]
    pub ground: GroundArgs,
    /// The login.
    #[arg(long)]
    pub email: String,
    /// The password; asked for when absent. `OPORA_PASSWORD` keeps it out of the process list.
    #[arg(long, env = "OPORA_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
    /// The name.
    #[arg(long)]
    pub name: String,
    /// The language of their screens.
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    pub locale: String,
}

/// `opora token`
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Create an API token and print it, and nothing else.
    Create(TokenArgs),
}

/// `opora token create`
#[derive(Debug, Args)]
pub struct TokenArgs {
    #[command(flatten)]
    pub ground: GroundArgs,
    /// Whose token it is.
    #[arg(long)]
    pub email: String,
    /// What it may do: "all", or a permission such as "ticket.view"; several times for several.
    #[arg(long, default_value = "all")]
    pub scope: Vec<String>,
    /// What it is for.
    #[arg(long, default_value = "command line")]
    pub name: String,
}

/// `opora inbox`
#[derive(Debug, Subcommand)]
pub enum Inbox {
    /// Create an inbox and print its number, and nothing else.
    Create(InboxArgs),
}

/// `opora inbox create`
#[derive(Debug, Args)]
pub struct InboxArgs {
    #[command(flatten)]
    pub ground: GroundArgs,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// The address customers write to and answers come from.
    #[arg(long)]
    pub address: String,
    /// Further addresses that lead to it; several times for several.
    #[arg(long)]
    pub alias: Vec<String>,
    /// How answers leave: smtp://HOST:PORT, smtp+starttls://USER@HOST, smtps://USER@HOST. The password comes from
    /// OPORA_SMTP_PASSWORD or is asked for.
    #[arg(long)]
    pub smtp: Option<String>,
    /// A mailbox to read: imaps://USER@HOST, imap+starttls://USER@HOST, imap://USER@HOST. The password comes from
    /// OPORA_IMAP_PASSWORD or is asked for.
    #[arg(long)]
    pub imap: Option<String>,
    /// Sign answers with the private key (PEM, RSA or Ed25519) in this file.
    #[arg(long, requires = "dkim_selector")]
    pub dkim_key: Option<PathBuf>,
    /// The key's name in the DNS.
    #[arg(long, requires = "dkim_key")]
    pub dkim_selector: Option<String>,
    /// The language of its customers, when theirs is not known.
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    pub locale: String,
}

/// `opora import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub ground: GroundArgs,
    /// What kind of archive it is.
    #[arg(value_parser = ["mbox", "maildir", "eml"])]
    pub kind: String,
    /// Where it lies: a file (mbox, eml) or a folder (maildir, eml).
    pub path: PathBuf,
    /// The name of the inbox it belongs to.
    #[arg(long)]
    pub inbox: String,
}

/// `opora reindex`
#[derive(Debug, Args)]
pub struct ReindexArgs {
    #[command(flatten)]
    pub ground: GroundArgs,
}

/// `opora mail`
#[derive(Debug, Args)]
pub struct MailArgs {
    /// "inspect" prints what was understood as JSON, "sanitize" prints safe HTML.
    #[arg(value_parser = ["inspect", "sanitize"])]
    pub what: String,
    /// The mail (or HTML) to read; the standard input when absent.
    pub file: Option<PathBuf>,
    /// Read one request a line from the standard input and answer each with a line.
    #[arg(long)]
    pub stream: bool,
}

/// `opora search`
#[derive(Debug, Subcommand)]
pub enum Search {
    /// Read documents and questions line by line, answer line by line.
    Worker,
}

/// `opora calendar`
#[derive(Debug, Subcommand)]
pub enum Calendar {
    /// Read questions about working time line by line, answer line by line.
    Worker,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
