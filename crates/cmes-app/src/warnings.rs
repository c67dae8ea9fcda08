//! Warnings about money, sent as webhooks to the address that an account gave:
//! when the balance falls below a threshold, and when a cap is nearly or wholly
//! used. Each is sent once in its time.

use cmes_store::caps::{CapState, Scope};
use cmes_store::deliveries::NewDelivery;
use cmes_store::tasks::Spending;
use cmes_types::{Money, Timestamp};
use serde::Serialize;

/// What is told.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Warning<'a> {
    #[serde(rename = "Type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<Cap<'a>>,
    currency: &'a str,
    time: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Cap<'a> {
    scope: &'static str,
    name: &'a str,
    period: &'static str,
    amount: Money,
    spent: Money,
}

/// Name of a scope, as messages and errors say it.
#[must_use]
pub fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Project(_) => "project",
        Scope::Key(_) => "API key",
    }
}

/// The warnings that a new state of an account's money calls for.
#[must_use]
pub fn of(spending: &Spending, now: Timestamp) -> Vec<NewDelivery> {
    let Some(url) = &spending.warning_url else { return Vec::new() };
    let deliver = |key: String, warning: &Warning<'_>| NewDelivery {
        account: spending.account,
        task: None,
        key: Some(key),
        url: url.clone(),
        body: serde_json::to_string(warning).unwrap_or_default(),
        not_before: now,
    };
    let currency = spending.currency.as_str();
    let time = now.to_string();
    let mut deliveries = Vec::new();
    if let Some(threshold) = spending.warning_balance
        && spending.before >= threshold
        && spending.after < threshold
    {
        // Holds and releases move the balance to and fro; once a day is enough.
        let key = format!("balance/{}/{}", spending.account, now.day_start());
        let warning = Warning {
            kind: "BalanceLow",
            balance: Some(spending.after),
            threshold: Some(threshold),
            cap: None,
            currency,
            time: time.clone(),
        };
        deliveries.push(deliver(key, &warning));
    }
    for state in &spending.caps {
        let Some((kind, level)) = reached(state) else { continue };
        let key = format!("cap/{}/{}/{level}", state.cap.id, state.period_start);
        let cap = Cap {
            scope: if matches!(state.cap.scope, Scope::Project(_)) { "Project" } else { "ApiKey" },
            name: &state.cap.name,
            period: if state.cap.period == cmes_store::caps::Period::Day { "Day" } else { "Month" },
            amount: state.cap.amount,
            spent: state.spent,
        };
        let warning = Warning { kind, balance: None, threshold: None, cap: Some(cap), currency, time: time.clone() };
        deliveries.push(deliver(key, &warning));
    }
    deliveries
}

/// The highest level of a cap that is reached.
fn reached(state: &CapState) -> Option<(&'static str, i64)> {
    let (amount, percent) = (state.cap.amount.units(), state.cap.warn_percent);
    let level = i128::from(amount) * i128::from(percent) / 100;
    if state.spent.units() >= amount {
        Some(("CapReached", 100))
    } else if i128::from(state.spent.units()) >= level {
        Some(("CapNearlyReached", percent))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use cmes_store::caps::{self, Period};
    use cmes_types::{AccountId, CapId, Currency, ProjectId};

    use super::*;

    fn money(text: &str) -> Money {
        text.parse().expect("an amount")
    }

    fn spending(before: &str, after: &str, spent: &str) -> Spending {
        let now = Timestamp::from_milliseconds(1_800_000_000_000);
        let cap = caps::Cap {
            id: CapId::new_at(now),
            scope: Scope::Project(ProjectId::new_at(now)),
            name: "Shop".into(),
            period: Period::Month,
            amount: money("10"),
            warn_percent: 80,
        };
        let state = CapState { cap, period_start: now.month_start(), spent: money(spent) };
        Spending {
            account: AccountId::new_at(now),
            currency: Currency::gbp(),
            before: money(before),
            after: money(after),
            warning_url: Some("https://example.com/warn".into()),
            warning_balance: Some(money("5")),
            caps: vec![state],
        }
    }

    #[test]
    fn thresholds_are_told_when_they_are_passed() {
        let check = |before, after, spent, expected: &[&str]| {
            let deliveries = of(&spending(before, after, spent), Timestamp::from_milliseconds(1_800_000_000_000));
            let kind = |d: &NewDelivery| {
                let json: serde_json::Value = serde_json::from_str(&d.body).expect("JSON");
                json["Type"].as_str().expect("a type").to_owned()
            };
            assert_eq!(deliveries.iter().map(kind).collect::<Vec<_>>(), expected, "{before} {after} {spent}");
        };
        check("20", "19.9", "7.9", &[]);
        check("5", "4.9", "1", &["BalanceLow"]);
        check("4.9", "4.8", "1", &[]);
        check("20", "19.9", "8", &["CapNearlyReached"]);
        check("5.05", "4.95", "10", &["BalanceLow", "CapReached"]);
    }

    #[test]
    fn nobody_is_told_without_an_address() {
        let mut quiet = spending("5", "4.9", "10");
        quiet.warning_url = None;
        assert!(of(&quiet, Timestamp::from_milliseconds(0)).is_empty());
    }
}
