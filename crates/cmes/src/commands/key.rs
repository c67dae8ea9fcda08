//! `cmes key`: API keys.

use cmes_app::accounts::{self, MakeKey};
use cmes_types::{Clock, DayEnd, SystemClock, Timestamp};

use super::{Failure, print};
use crate::arguments::Key;
use crate::config::Config;
use crate::parts;

pub async fn run(config: &Config, command: Key) -> Result<(), Failure> {
    let now = SystemClock.now();
    match command {
        Key::Create { account, project, name, expires } => {
            let expires_at = expires.map(|text| Timestamp::parse(&text, DayEnd::End)).transpose();
            let make = MakeKey { account, project, name, expires_at: expires_at.map_err(Failure::because)? };
            let db = parts::database(config).await?;
            let key = accounts::make_key(&db, &make, now).await.map_err(Failure::because)?;
            print(&format!("{key}\n"))
        }
        Key::List { account } => {
            let db = parts::database(config).await?;
            let account = match account {
                Some(email) => Some(accounts::by_email(&db, &email).await.map_err(Failure::because)?.id),
                None => None,
            };
            let keys = cmes_store::keys::list(&db, account).await.map_err(Failure::because)?;
            let lines = keys.into_iter().map(|key| {
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(moment), _) => format!("revoked {moment}"),
                    (None, Some(moment)) if moment <= now => format!("expired {moment}"),
                    (None, Some(moment)) => format!("until {moment}"),
                    (None, None) => "valid".to_owned(),
                };
                format!("{}\t{}\t{}\t{}\t{}\t{state}\n", key.id, key.account, key.project, key.name, key.masked)
            });
            print(&lines.collect::<String>())
        }
        Key::Revoke { id } => {
            let db = parts::database(config).await?;
            accounts::revoke_key(&db, id.into(), now).await.map_err(Failure::because)
        }
    }
}
