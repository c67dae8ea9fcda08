//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cmes_types::{Currency, LanguageCode, Money};
use url::Url;
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
    /// Serve the API and work on tasks
    Serve(Serve),
    /// Turn a link, an e-mail address or a whole e-mail into a company profile
    Enrich(Enrich),
    /// Find companies that answer to a query such as "Pipe manufacturers, USA"
    Leads(Leads),
    /// Accounts and their money
    #[command(subcommand)]
    Account(Account),
    /// API keys
    #[command(subcommand)]
    Key(Key),
    /// Knowledge bases: importing into them and searching them
    #[command(subcommand)]
    Kb(Kb),
    /// The directory: companies that this server knows, for finding leads without anybody else's search
    #[command(subcommand)]
    Directory(Directory),
    /// The ledger of all money
    #[command(subcommand)]
    Ledger(Ledger),
    /// Prices, while servers run
    #[command(subcommand)]
    Tariff(Tariff),
    /// Exchange rates, while servers run
    #[command(subcommand)]
    Rate(Rate),
    /// Limits on what keys and projects may spend
    #[command(subcommand)]
    Cap(Cap),
    /// Webhooks: their secrets and deliveries
    #[command(subcommand)]
    Webhook(Webhook),
    /// Models that run in this process: what there is, and fetching it
    #[command(subcommand)]
    Models(Models),
    /// Check configuration, database, disk, clock and models; say what to do about each fault
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
    #[command(flatten)]
    pub wish: Wish,
    /// Print the API's JSON object
    #[arg(long)]
    pub json: bool,
}

/// How profiles are wanted.
#[derive(Debug, Args)]
pub struct Wish {
    /// What you offer, as text or @FILE
    #[arg(long, value_name = "TEXT|@FILE")]
    pub products: Option<String>,
    /// Words that a profile may not contain, separated by commas
    #[arg(long, value_name = "WORDS")]
    pub exceptions: Option<String>,
    /// Language of the descriptive texts (ISO 639-1)
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: LanguageCode,
    /// Show where each value came from, and how a lead stands to the query
    #[arg(long)]
    pub explain: bool,
    /// Also show numbers, certificates, hours, vacancies and what else the pages say
    #[arg(long)]
    pub extended: bool,
}

#[derive(Debug, Args)]
pub struct Leads {
    /// Which companies: what they do, where they are and what else is asked of them, in any language
    pub query: String,
    /// Most leads
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = count)]
    pub max: u32,
    #[command(flatten)]
    pub wish: Wish,
    /// Print the API's JSON array, each lead as it is found
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Write a table for spreadsheets to this file instead
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
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
    /// Add money to an account, or with a negative amount correct its balance
    Credit {
        /// Its address
        email: String,
        /// How much
        #[arg(allow_negative_numbers = true)]
        amount: Money,
        /// Why
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Send warnings about money to a webhook
    Warn {
        /// Address of the account
        email: String,
        /// Where warnings go (http or https); without it none are sent
        #[arg(long)]
        url: Option<Url>,
        /// Warn when the balance falls below this amount
        #[arg(long, value_name = "AMOUNT")]
        below: Option<Money>,
    },
    /// List all accounts
    List,
}

/// What to do with the ledger.
#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// Prove that every balance equals its ledger
    Verify,
}

/// What to do with prices.
#[derive(Debug, Subcommand)]
pub enum Tariff {
    /// List the prices in force
    List,
    /// Set the price of a method; running servers take it over within a second
    Set {
        /// Its path, such as /v1/enrichment
        method: String,
        /// Price in the base currency
        price: Money,
        /// What is paid for
        #[arg(long)]
        description: Option<String>,
        /// How it is counted
        #[arg(long)]
        rules: Option<String>,
    },
    /// Go back to the configuration's price
    Reset {
        /// Its path
        method: String,
    },
}

/// What to do with exchange rates.
#[derive(Debug, Subcommand)]
pub enum Rate {
    /// List the rates in force
    List,
    /// Set how much one unit of the base currency is in another
    Set {
        /// The other currency (ISO 4217)
        currency: Currency,
        /// The rate
        rate: Money,
    },
    /// Go back to the configuration's rate
    Reset {
        /// The currency
        currency: Currency,
    },
}

/// What to do with caps.
#[derive(Debug, Subcommand)]
pub enum Cap {
    /// Limit what a project or a key may spend
    Set {
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// Name of the project
        #[arg(long, value_name = "NAME", conflicts_with = "key", required_unless_present = "key")]
        project: Option<String>,
        /// ID of the key
        #[arg(long, value_name = "ID")]
        key: Option<Uuid>,
        /// In which time (UTC)
        #[arg(long)]
        per: CapPeriod,
        /// The most
        amount: Money,
        /// Share of the amount at which a warning is sent, in percent
        #[arg(long, default_value_t = 80, value_name = "PERCENT")]
        warn_at: i64,
    },
    /// List the caps of an account
    List {
        /// Its address
        #[arg(long, value_name = "EMAIL")]
        account: String,
    },
    /// Remove a cap
    Remove {
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// ID of the cap, as the list shows it
        id: Uuid,
    },
}

/// The time in which a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CapPeriod {
    /// From midnight to midnight
    Day,
    /// From the first of a month to the next
    Month,
}

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub enum Webhook {
    /// Print the secret that signs an account's webhooks
    Secret {
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// Make a new one; the old one signs beside it for a day
        #[arg(long)]
        rotate: bool,
    },
    /// List the newest deliveries of an account with their attempts
    List {
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Send a delivery again that arrived or was given up
    Resend {
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// ID of the delivery, as the list shows it
        id: Uuid,
    },
}

/// What to do with models.
#[derive(Debug, Subcommand)]
pub enum Models {
    /// Fetch models, checked by their sums; what breaks off is resumed
    ///
    /// Without a name both are fetched: multilingual-e5-small (72 MB), which finds passages and offers by
    /// their meaning in some 90 languages, and qwen2.5-coder-1.5b-instruct (1.1 GB), a chat model that
    /// writes answers of assistants and is too small for profiles. Most need the first alone: `cmes models pull multilingual-e5-small`.
    Pull {
        /// Their names, as `cmes models list` has them [default: the first of the list for each purpose]
        names: Vec<String>,
    },
    /// List the models that can be fetched, and which are there
    List,
}

/// What to do with the directory.
#[derive(Debug, Subcommand)]
pub enum Directory {
    /// Import a list of companies: a table as CSV, or JSONL; importing it again changes what has changed
    #[command(
        after_help = "The first row of a table names its columns. website is needed; name, country, city, region, \
description, industry, keywords, employees and language are taken when they are there, under many names and in any order. \
Other columns, such as those of people, are left out. See docs/directory.md."
    )]
    Import {
        /// The file; - reads standard input
        file: PathBuf,
    },
    /// Look for companies by what they do or what they are called
    Search {
        /// What they do, or a name, in any language
        query: String,
        /// Country where they are (ISO 3166-1 alpha-2)
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
        /// City or region where they are
        #[arg(long, value_name = "NAME")]
        locality: Option<String>,
        /// Language of the query (ISO 639-1)
        #[arg(long, value_name = "CODE", default_value = "en")]
        lang: LanguageCode,
        /// Most companies
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make the vectors that are lacking now, by which companies are found in any language; a running server does it too
    Embed,
    /// List the companies, by domain
    List {
        /// Only those in this country (ISO 3166-1 alpha-2)
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
        /// Most companies [default: all]
        #[arg(long)]
        limit: Option<usize>,
    },
    /// Say how many companies there are, and how they are found
    Status,
    /// Delete companies
    Delete {
        /// Their domains
        #[arg(required = true)]
        domains: Vec<String>,
    },
}

/// What to do with knowledge bases.
#[derive(Debug, Subcommand)]
pub enum Kb {
    /// Import a folder, file, page or sitemap; what was imported before is changed where it has changed
    Import {
        /// Folder or file, or the address of a page, file or sitemap (http or https)
        #[arg(value_name = "PATH|URL")]
        from: String,
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// Name of the knowledge base; it is made if it does not exist
        #[arg(long)]
        name: String,
        /// Delete articles that were imported from there before and are gone from there
        #[arg(long)]
        remove_missing: bool,
        /// Most pages of a sitemap
        #[arg(long, value_name = "COUNT", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=5000))]
        max_pages: u32,
    },
    /// Find the passages that answer a question best
    Search {
        /// The question, or words
        query: String,
        /// Address of the account
        #[arg(long, value_name = "EMAIL")]
        account: String,
        /// Only this knowledge base
        #[arg(long)]
        name: Option<String>,
        /// Most passages
        #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
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

/// How many of something are wanted.
fn count(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "use a whole number from 1, such as 10".to_owned())
}
