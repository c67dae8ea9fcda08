//! Prices per method and the exchange rates between the base currency and others.

use std::collections::BTreeMap;

use cmes_types::{Currency, Money};

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
    /// An amount of the base currency in another; `None` without a rate for it.
    #[must_use]
    pub fn convert(&self, amount: Money, currency: &str) -> Option<Money> {
        if currency == self.base.as_str() {
            return Some(amount);
        }
        amount.checked_mul(*self.rates.get(currency)?)
    }

    /// The price of a method in a currency; `None` when it has no tariff.
    #[must_use]
    pub fn price(&self, method: &str, currency: &str) -> Option<Money> {
        let tariff = self.prices.iter().find(|tariff| tariff.method == method)?;
        self.convert(tariff.price, currency)
    }
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
        assert_eq!(tariffs.price("/v1/enrichment", "GBP"), Some(money("0.1")));
        assert_eq!(tariffs.price("/v1/enrichment", "EUR"), Some(money("0.1196988")));
        assert_eq!(tariffs.price("/v1/enrichment", "USD"), Some(money("0.1340148")));
        assert_eq!(tariffs.price("/v1/enrichment", "XXX"), None);
        assert_eq!(tariffs.price("/v1/echo", "GBP"), None);
    }
}
