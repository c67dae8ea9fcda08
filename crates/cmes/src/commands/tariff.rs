//! `cmes tariff` and `cmes rate`: prices and exchange rates, while servers run.

use cmes_app::TariffBook;
use cmes_app::tariffs;
use cmes_types::{Clock, SystemClock};

use super::{Failure, print};
use crate::arguments::{Rate, Tariff};
use crate::config::Config;
use crate::parts;

pub async fn run(config: &Config, command: Tariff) -> Result<(), Failure> {
    let now = SystemClock.now();
    let db = parts::database(config).await?;
    let book = TariffBook::new(parts::tariffs(config));
    match command {
        Tariff::List => {
            let current = book.current(&db, now).await.map_err(Failure::because)?;
            let base = &current.base;
            let line = |t: &tariffs::Tariff| format!("{}\t{} {base}\t{}\n", t.method, t.price, t.description);
            print(&current.prices.iter().map(line).collect::<String>())
        }
        Tariff::Set { method, price, description, rules } => {
            tariffs::set_price(&db, &book, &method, price, description.as_deref(), rules.as_deref(), now)
                .await
                .map_err(Failure::because)
        }
        Tariff::Reset { method } => match cmes_store::tariffs::reset_price(&db, &method).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::new(format!("no price was set for {method}; see “cmes tariff list”"))),
            Err(error) => Err(Failure::because(error)),
        },
    }
}

pub async fn run_rate(config: &Config, command: Rate) -> Result<(), Failure> {
    let now = SystemClock.now();
    let db = parts::database(config).await?;
    match command {
        Rate::List => {
            let current = TariffBook::new(parts::tariffs(config)).current(&db, now).await.map_err(Failure::because)?;
            let line =
                |(currency, rate): (&String, &cmes_types::Money)| format!("1 {}\t{rate} {currency}\n", current.base);
            print(&current.rates.iter().map(line).collect::<String>())
        }
        Rate::Set { currency, rate } => tariffs::set_rate(&db, &currency, rate, now).await.map_err(Failure::because),
        Rate::Reset { currency } => match cmes_store::tariffs::reset_rate(&db, &currency).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::new(format!("no rate was set for {currency}; see “cmes rate list”"))),
            Err(error) => Err(Failure::because(error)),
        },
    }
}
