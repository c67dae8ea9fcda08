//! `cmes ledger`: the proof that no money was made or lost.

use super::{Failure, print};
use crate::config::Config;
use crate::parts;

pub async fn verify(config: &Config) -> Result<(), Failure> {
    let db = parts::database(config).await?;
    let found = cmes_store::ledger::verify(&db).await.map_err(Failure::because)?;
    if found.faults.is_empty() {
        let (accounts, rows) = (found.accounts, found.rows);
        return print(&format!("every balance equals its ledger: {accounts} accounts, {rows} rows\n"));
    }
    print(&found.faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())?;
    Err(Failure::new(format!(
        "{} of the balances and tasks do not equal the ledger, as listed; stop the servers, keep a copy of the database \
         and report it",
        found.faults.len()
    )))
}
