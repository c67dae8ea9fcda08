//! The commands, one file each.

mod account;
mod cap;
mod card;
mod directory;
mod doctor;
mod enrich;
mod kb;
mod key;
mod leads;
mod ledger;
mod models;
mod serve;
mod tariff;
mod webhook;

use std::fmt;

use clap::CommandFactory;

use crate::arguments::{Arguments, Command, Ledger};
use crate::config::Config;
use crate::output;

/// Why a command failed: a sentence for the user, on one line.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// With this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// An error with its causes.
    pub fn because(error: impl std::error::Error) -> Self {
        let mut sentence = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Some libraries repeat the cause in their own words.
            if !sentence.contains(&text) {
                sentence.push_str(": ");
                sentence.push_str(&text);
            }
            cause = error.source();
        }
        Self(sentence)
    }

    /// With what to do about it.
    #[must_use]
    pub fn with(self, advice: &str) -> Self {
        Self(format!("{}; {advice}", self.0))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs the command.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let config = || Config::load(arguments.config.as_deref(), std::env::vars()).map_err(Failure::because);
    match arguments.command {
        Command::Serve(serve) => serve::run(&config()?, &serve.roles).await,
        Command::Enrich(enrich) => enrich::run(&config()?, enrich).await,
        Command::Leads(leads) => leads::run(&config()?, leads).await,
        Command::Account(account) => account::run(&config()?, account).await,
        Command::Key(key) => key::run(&config()?, key).await,
        Command::Kb(kb) => kb::run(&config()?, kb).await,
        Command::Directory(command) => directory::run(&config()?, command).await,
        Command::Ledger(Ledger::Verify) => ledger::verify(&config()?).await,
        Command::Tariff(tariff) => tariff::run(&config()?, tariff).await,
        Command::Rate(rate) => tariff::run_rate(&config()?, rate).await,
        Command::Cap(cap) => cap::run(&config()?, cap).await,
        Command::Webhook(webhook) => webhook::run(&config()?, webhook).await,
        Command::Models(models) => models::run(&config()?, models).await,
        Command::Doctor => doctor::run(config()).await,
        Command::Openapi => print(&cmes_server::openapi::json(None)),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "cmes", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
    }
}

fn print(text: &str) -> Result<(), Failure> {
    output::print(text).map_err(|error| Failure::because(error).with("standard output cannot be written to"))
}
