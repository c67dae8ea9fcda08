//! `cmes cap`: limits on what keys and projects may spend.

use cmes_app::caps::{self, SetCap};
use cmes_app::{accounts, warnings};
use cmes_store::caps::Period;
use cmes_types::{Clock, SystemClock};

use super::{Failure, print};
use crate::arguments::{Cap, CapPeriod};
use crate::config::Config;
use crate::parts;

pub async fn run(config: &Config, command: Cap) -> Result<(), Failure> {
    let db = parts::database(config).await?;
    match command {
        Cap::Set { account, project, key, per, amount, warn_at } => {
            let period = match per {
                CapPeriod::Day => Period::Day,
                CapPeriod::Month => Period::Month,
            };
            let key = key.map(Into::into);
            let wanted = SetCap { account, project, key, period, amount, warn_percent: warn_at };
            let id = caps::set(&db, &wanted, SystemClock.now()).await.map_err(Failure::because)?;
            print(&format!("{id}\n"))
        }
        Cap::List { account } => {
            let account = accounts::by_email(&db, &account).await.map_err(Failure::because)?;
            let caps = cmes_store::caps::list(&db, account.id).await.map_err(Failure::because)?;
            let line = |cap: &cmes_store::caps::Cap| {
                format!(
                    "{}\t{}\t{}\t{} {} a {}\twarning at {} %\n",
                    cap.id,
                    warnings::scope_name(cap.scope),
                    cap.name,
                    cap.amount,
                    account.currency,
                    cap.period.as_str(),
                    cap.warn_percent
                )
            };
            print(&caps.iter().map(line).collect::<String>())
        }
        Cap::Remove { account, id } => {
            let account = accounts::by_email(&db, &account).await.map_err(Failure::because)?;
            match cmes_store::caps::remove(&db, account.id, id.into()).await {
                Err(cmes_store::StoreError::NotFound) => {
                    Err(Failure::new(format!("{id} is no cap of {}; see “cmes cap list”", account.email)))
                }
                other => other.map_err(Failure::because),
            }
        }
    }
}
