//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cmes_types::{Currency, LanguageCode, Money};
use uuid::Uuid;

/// The open, self-hosted engine for B2B sales intelligence.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub struct Arguments {
    /// Configuration file [default: cmes.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API
    Serve(Serve),
    /// Turn a link, an e-mail address or a whole e-mail into a company profile
    Enrich(Enrich),
    /// Accounts and their money
    #[command(subcommand)]
    Account(Account),
    /// API keys
    #[command(subcommand)]
    Key(Key),
    /// Check configuration, database, disk and clock; say what to do about each fault
    Doctor,
    /// Print the OpenAPI 3.1 document
    Openapi,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub struct Serve {
    /// What this process does [default: all]
    #[arg(long, value_delimiter = ',', value_name = "ROLES")]
    pub roles: Vec<Role>,
}

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Answer requests
    Api,
    /// Work on tasks
    Worker,
}

#[derive(Debug, Args)]
pub struct Enrich {
    /// A link, a domain, an e-mail address or any text; - reads standard input
    pub content: String,
    /// What you offer, as text or @FILE
    #[arg(long, value_name = "TEXT|@FILE")]
    pub products: Option<String>,
    /// Words that the profile may not contain, separated by commas
    #[arg(long, value_name = "WORDS")]
    pub exceptions: Option<String>,
    /// Language of the descriptive texts (ISO 639-1)
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: LanguageCode,
    /// Show where each value came from
    #[arg(long)]
    pub explain: bool,
    /// Print the API's JSON object
    #[arg(long)]
    pub json: bool,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Open an account
    Create {
        /// Address under which it signs in
        email: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Currency of its balance (ISO 4217)
        #[arg(long, default_value = "GBP")]
        currency: Currency,
        /// First money on it
        #[arg(long, value_name = "AMOUNT", default_value = "0")]
        credit: Money,
        /// May see and change every account
        #[arg(long)]
        operator: bool,
    },
    /// Add money to an account
    Credit {
        /// Its address
        email: String,
        /// How much
        amount: Money,
        /// Why
        #[arg(long, default_value = "")]
        note: String,
    },
    /// List all accounts
    List,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key; it is printed once and cannot be shown again
    Create {
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// Project to which its use counts
        #[arg(long, default_value = "Default")]
        project: String,
        /// Name by which you recognise it
        #[arg(long, default_value = "Key")]
        name: String,
        /// Last day or moment of its life (ISO 8601)
        #[arg(long, value_name = "DATE")]
        expires: Option<String>,
    },
    /// List keys, masked
    List {
        /// Only those of this account
        #[arg(long, value_name = "EMAIL")]
        account: Option<String>,
    },
    /// Make a key invalid, within a second
    Revoke {
        /// Its ID, as the list shows it
        id: Uuid,
    },
}
