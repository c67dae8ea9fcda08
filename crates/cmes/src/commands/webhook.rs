//! `cmes webhook`: the secrets that sign webhooks, and their deliveries.

use cmes_app::{accounts, webhooks};
use cmes_store::deliveries;
use cmes_types::{Clock, SystemClock};

use super::{Failure, print};
use crate::arguments::Webhook;
use crate::config::Config;
use crate::{output, parts};

pub async fn run(config: &Config, command: Webhook) -> Result<(), Failure> {
    let now = SystemClock.now();
    let db = parts::database(config).await?;
    match command {
        Webhook::Secret { account, rotate } => {
            let account = accounts::by_email(&db, &account).await.map_err(Failure::because)?.id;
            let secret = if rotate {
                webhooks::rotate_secret(&db, account, now).await.map_err(Failure::because)?
            } else {
                let secrets = webhooks::account_secrets(&db, account, now).await.map_err(Failure::because)?;
                secrets.into_iter().next().unwrap_or_default()
            };
            print(&format!("{secret}\n"))
        }
        Webhook::List { account, limit } => {
            let account = accounts::by_email(&db, &account).await.map_err(Failure::because)?.id;
            let mut text = String::new();
            for delivery in deliveries::list(&db, account, limit.into()).await.map_err(Failure::because)? {
                let task = delivery.task.map(|task| task.to_string()).unwrap_or_default();
                text.push_str(&format!(
                    "{}\t{}\t{}\t{}\t{task}\n",
                    delivery.id,
                    delivery.created_at,
                    delivery.state.as_str(),
                    output::harmless(&delivery.url)
                ));
                for attempt in deliveries::attempts(&db, account, delivery.id).await.map_err(Failure::because)? {
                    let status = attempt.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
                    let error = output::harmless(attempt.error.as_deref().unwrap_or_default());
                    text.push_str(&format!(
                        "\t{}\t{status}\t{} ms\t{error}\n",
                        attempt.created_at, attempt.duration_ms
                    ));
                }
            }
            print(&text)
        }
        Webhook::Resend { account, id } => {
            let account = accounts::by_email(&db, &account).await.map_err(Failure::because)?.id;
            webhooks::resend(&db, account, id.into(), now).await.map_err(Failure::because)
        }
    }
}
