//! `cmes account`: accounts and their money.

use std::io::Read;

use cmes_app::accounts::{self, OpenAccount};
use cmes_types::{Clock, SystemClock};

use super::{Failure, print};
use crate::arguments::Account;
use crate::config::Config;
use crate::parts;

pub async fn run(config: &Config, command: Account) -> Result<(), Failure> {
    let now = SystemClock.now();
    match command {
        Account::Create { email, password_stdin, currency, credit, operator } => {
            let password = if password_stdin { Some(read_password()?) } else { None };
            let db = parts::database(config).await?;
            let open = OpenAccount { email, password, currency, credit, is_operator: operator };
            let id = accounts::open(&db, &open, now).await.map_err(Failure::because)?;
            print(&format!("{id}\n"))
        }
        Account::Credit { email, amount, note } => {
            let db = parts::database(config).await?;
            let balance = accounts::credit(&db, &email, amount, &note, now).await.map_err(Failure::because)?;
            print(&format!("{balance}\n"))
        }
        Account::Warn { email, url, below } => {
            let db = parts::database(config).await?;
            accounts::warn(&db, &email, url.as_ref(), below).await.map_err(Failure::because)
        }
        Account::List => {
            let db = parts::database(config).await?;
            let mut text = String::new();
            for account in cmes_store::accounts::list(&db).await.map_err(Failure::because)? {
                let role = if account.is_operator { "operator" } else { "customer" };
                let (id, email, balance) = (account.id, account.email, account.balance);
                text.push_str(&format!(
                    "{id}\t{email}\t{balance} {}\t{role}\t{}\n",
                    account.currency, account.created_at
                ));
            }
            print(&text)
        }
    }
}

/// The first line of standard input.
fn read_password() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().take(4_096).read_to_string(&mut text);
    read.map_err(|error| Failure::because(error).with("give the password on standard input"))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
