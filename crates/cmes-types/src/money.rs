//! Money as whole numbers of a small unit, never as binary floats.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Decimal places that are kept. Eight hold the reference's own prices
/// (`0.1196988`) exactly and leave 92 billion as the largest amount.
const DECIMALS: usize = 8;
const UNITS_PER_ONE: i64 = 100_000_000;

/// An amount in a currency known from the context, or an exchange rate, in
/// units of 10⁻⁸.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// Text that is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no amount: write digits with at most {DECIMALS} decimals, such as 25 or 0.1")]
pub struct ParseMoneyError(String);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One unit of the currency.
    pub const ONE: Self = Self(UNITS_PER_ONE);

    /// From the stored number of 10⁻⁸ units.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The number of 10⁻⁸ units, for storing.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The sum, unless it is too large to be held.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This amount so many times; `None` when too large to be held.
    #[must_use]
    pub fn checked_times(self, count: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }

    /// This amount times a rate, rounded half away from zero to the smallest
    /// unit; `None` when too large to be held.
    #[must_use]
    pub fn checked_mul(self, rate: Self) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(rate.0);
        let one = i128::from(UNITS_PER_ONE);
        let half = if product < 0 { -one / 2 } else { one / 2 };
        i64::try_from((product + half) / one).ok().map(Self)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        let one = UNITS_PER_ONE.unsigned_abs();
        let (whole, fraction) = (units / one, units % one);
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{fraction:0DECIMALS$}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl FromStr for Money {
    type Err = ParseMoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim()).ok_or_else(|| ParseMoneyError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Money> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || fraction.trim_end_matches('0').len() > DECIMALS {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let small: i64 = format!("{fraction:0<DECIMALS$}").parse().ok()?;
    let units = whole.parse::<i64>().ok()?.checked_mul(UNITS_PER_ONE)?.checked_add(small)?;
    Some(Money(if negative { -units } else { units }))
}

impl Serialize for Money {
    /// A JSON number with the decimal digits as they are (`0.6`, not
    /// `0.59999999999999998`), through serde_json's raw value.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % UNITS_PER_ONE == 0 {
            return serializer.serialize_i64(self.0 / UNITS_PER_ONE);
        }
        serde_json::value::RawValue::from_string(self.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;
        impl Visitor<'_> for Amount {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an amount with at most {DECIMALS} decimals, such as 25 or 0.1")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, whole: i64) -> Result<Money, E> {
                self.visit_str(&whole.to_string())
            }
            fn visit_u64<E: de::Error>(self, whole: u64) -> Result<Money, E> {
                self.visit_str(&whole.to_string())
            }
            /// The shortest decimal that denotes the float is what was written
            /// in the file (up to 15 digits), so nothing is lost on this way.
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Money, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Amount)
    }
}

/// An ISO 4217 code of three capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Currency(String);

/// Text that is no currency code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no currency: use a three-letter ISO 4217 code such as GBP")]
pub struct ParseCurrencyError(String);

impl Currency {
    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Pounds sterling, the currency of the reference's base prices.
    #[must_use]
    pub fn gbp() -> Self {
        Self("GBP".to_owned())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Currency {
    type Err = ParseCurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.trim().to_ascii_uppercase();
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Ok(Self(code));
        }
        Err(ParseCurrencyError(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(text: &str) -> Money {
        text.parse().expect("an amount")
    }

    #[test]
    fn amounts_print_as_people_write_them() {
        for text in ["0", "0.6", "25", "0.1196988", "-3.5", "92233720368.54775807"] {
            assert_eq!(money(text).to_string(), text);
            assert_eq!(serde_json::to_string(&money(text)).expect("serialises"), text);
        }
        assert_eq!(money("1.50").to_string(), "1.5");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", "1.", ".5", "1,5", "1e3", "+1", "0.123456789", "99999999999", "--1", "١"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_reference_prices_follow_from_the_rates() {
        let price = money("0.1");
        assert_eq!(price.checked_mul(money("1.196988")), Some(money("0.1196988")));
        assert_eq!(price.checked_mul(money("1.340148")), Some(money("0.1340148")));
        assert_eq!(money("92233720368").checked_mul(money("2")), None);
    }

    proptest! {
        #[test]
        fn text_and_json_keep_every_unit(units in any::<i64>().prop_filter("printable", |u| *u != i64::MIN)) {
            let amount = Money::from_units(units);
            prop_assert_eq!(amount.to_string().parse::<Money>(), Ok(amount));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = text.parse::<Money>();
        }
    }
}
