//! Prices per method and the exchange rates between the base currency and
//! others: those of the configuration, overruled by those that the operator set
//! while the server runs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cmes_store::Db;
use cmes_store::tariffs::{self, StoredTariff};
use cmes_types::{Currency, Money, Timestamp};

use crate::Error;

/// Prices and rates in force.
#[derive(Clone, Debug)]
pub struct Tariffs {
    /// Currency of the prices.
    pub base: Currency,
    /// Prices by method, such as `/v1/enrichment`.
    pub prices: Vec<Tariff>,
    /// How much one unit of the base currency is in others.
    pub rates: BTreeMap<String, Money>,
}

/// The price of one method.
#[derive(Clone, Debug)]
pub struct Tariff {
    /// The method's path.
    pub method: String,
    /// What is paid for.
    pub description: String,
    /// How it is counted, where that needs words.
    pub rules: String,
    /// Price in the base currency.
    pub price: Money,
}

impl Tariffs {
    fn set(&mut self, stored: StoredTariff) {
        let StoredTariff { method, description, rules, price } = stored;
        let tariff = Tariff { method, description, rules, price };
        match self.prices.iter_mut().find(|known| known.method == tariff.method) {
            Some(known) => *known = tariff,
            None => self.prices.push(tariff),
        }
    }

    /// The price of one call or lead of a method in an account's currency; nothing without a tariff.
    ///
    /// # Errors
    /// [`Error::Internal`] when the operator gave no rate for the currency.
    pub fn price_in(&self, method: &str, currency: &Currency) -> Result<Money, Error> {
        let Some(tariff) = self.prices.iter().find(|tariff| tariff.method == method) else { return Ok(Money::ZERO) };
        self.convert(tariff.price, currency.as_str()).ok_or_else(|| {
            Error::internal(format!("there is no exchange rate for {currency}; set one with “cmes rate set”"))
        })
    }

    /// An amount of the base currency in another; `None` without a rate for it.
    #[must_use]
    pub fn convert(&self, amount: Money, currency: &str) -> Option<Money> {
        if currency == self.base.as_str() {
            return Some(amount);
        }
        amount.checked_mul(*self.rates.get(currency)?)
    }

    /// How much one unit of a currency is in another, for estimates; `None`
    /// without a rate for one of them.
    #[must_use]
    pub fn ratio(&self, from: &str, to: &str) -> Option<f64> {
        // How much one unit of the base currency is in it.
        let rate = |currency: &str| {
            let known = self.rates.get(currency).map(|rate| rate.units() as f64 / Money::ONE.units() as f64);
            if currency == self.base.as_str() { Some(1.0) } else { known.filter(|rate| *rate > 0.0) }
        };
        Some(rate(to)? / rate(from)?)
    }
}

/// How long prices that were looked up hold without asking again: the longest
/// time until a new price is in force everywhere.
const TRUSTED_MS: i64 = 1_000;

/// The prices in force, asked for by every call.
#[derive(Debug)]
pub struct TariffBook {
    configured: Tariffs,
    known: Mutex<Option<(Timestamp, Arc<Tariffs>)>>,
}

impl TariffBook {
    /// With the configuration's prices.
    #[must_use]
    pub fn new(configured: Tariffs) -> Self {
        Self { configured, known: Mutex::new(None) }
    }

    /// The prices in force.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn current(&self, db: &Db, now: Timestamp) -> Result<Arc<Tariffs>, Error> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((asked_at, tariffs)) = known
            && (0..TRUSTED_MS).contains(&(now.milliseconds() - asked_at.milliseconds()))
        {
            return Ok(tariffs);
        }
        let mut tariffs = self.configured.clone();
        for stored in tariffs::prices(db).await? {
            tariffs.set(stored);
        }
        tariffs.rates.extend(tariffs::rates(db).await?);
        let tariffs = Arc::new(tariffs);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&tariffs)));
        Ok(tariffs)
    }
}

/// Sets a method's price while servers run; words that are not given stay as they are.
///
/// # Errors
/// [`Error::Fields`] when the method's name or the price cannot be used.
pub async fn set_price(
    db: &Db,
    book: &TariffBook,
    method: &str,
    price: Money,
    description: Option<&str>,
    rules: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    if !method.starts_with("/v1/") || method.len() > 100 || method.contains(char::is_whitespace) {
        return Err(Error::field("method", "has to be a method's path, such as /v1/enrichment"));
    }
    if price < Money::ZERO {
        return Err(Error::field("price", "cannot be negative"));
    }
    let current = book.current(db, now).await?;
    let known = current.prices.iter().find(|tariff| tariff.method == method);
    let stored = StoredTariff {
        method: method.to_owned(),
        description: description.or(known.map(|t| t.description.as_str())).unwrap_or_default().to_owned(),
        rules: rules.or(known.map(|t| t.rules.as_str())).unwrap_or_default().to_owned(),
        price,
    };
    Ok(tariffs::set_price(db, &stored, now).await?)
}

/// Sets an exchange rate while servers run.
///
/// # Errors
/// [`Error::Fields`] when the rate is not positive.
pub async fn set_rate(db: &Db, currency: &Currency, rate: Money, now: Timestamp) -> Result<(), Error> {
    if rate <= Money::ZERO {
        return Err(Error::field("rate", "has to be more than 0"));
    }
    Ok(tariffs::set_rate(db, currency, rate, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prices_of_the_reference_follow_from_its_rates() {
        let money = |text: &str| text.parse::<Money>().expect("an amount");
        let tariffs = Tariffs {
            base: Currency::gbp(),
            prices: vec![Tariff {
                method: "/v1/enrichment".into(),
                description: String::new(),
                rules: String::new(),
                price: money("0.1"),
            }],
            rates: BTreeMap::from([("EUR".into(), money("1.196988")), ("USD".into(), money("1.340148"))]),
        };
        let price = |method, currency: &str| tariffs.price_in(method, &currency.parse().expect("a currency")).ok();
        assert_eq!(price("/v1/enrichment", "GBP"), Some(money("0.1")));
        assert_eq!(price("/v1/enrichment", "EUR"), Some(money("0.1196988")));
        assert_eq!(price("/v1/enrichment", "USD"), Some(money("0.1340148")));
        assert_eq!(price("/v1/enrichment", "XXX"), None, "no call is free because a rate is missing");
        assert_eq!(price("/v1/echo", "GBP"), Some(Money::ZERO));
    }
}
