//! What a task does, and what that costs.

use cmes_models::Models;
use cmes_types::{Currency, MessageAnswer, Money};
use serde::{Deserialize, Serialize};

use crate::assistants::answer::MOST_TOKENS;
use crate::assistants::turn::Ask;
use crate::enrichment::Enrich;
use crate::knowledge::import;
use crate::leads::FindLeads;
use crate::{App, Error};

/// What a task does. Stored as JSON: fields may be added, names stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// `/v1/enrichment`.
    Enrichment(Enrich),
    /// `/v1/assistant/message`; which message it is stands beside the task.
    Message(Ask),
    /// The same, of a message that was only stored: with this answer.
    Stored(MessageAnswer),
    /// `/v1/knowledgebase/entry/import`.
    Import(import::Import),
    /// `/v1/leadgeneration`.
    Leads(FindLeads),
}

/// The method whose leads are finished and paid one by one.
pub(super) const LEADS: &str = "/v1/leadgeneration";

impl Work {
    /// The method, by which it is billed.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Enrichment(_) => "/v1/enrichment",
            Self::Message(_) | Self::Stored(_) => "/v1/assistant/message",
            Self::Import(_) => "/v1/knowledgebase/entry/import",
            Self::Leads(_) => LEADS,
        }
    }

    /// The tariff that it goes by: embedded models have one of their own, and without a model nothing is paid.
    pub(super) fn tariff(&self, models: &Models) -> Option<&'static str> {
        match self {
            Self::Enrichment(_) => Some("/v1/enrichment"),
            Self::Leads(_) => Some(LEADS),
            Self::Message(_) => match models.chat()?.provider() {
                "embedded" => Some("/v1/assistant/message/embedded"),
                _ => Some("/v1/assistant/message"),
            },
            Self::Stored(_) | Self::Import(_) => None,
        }
    }

    /// The most that it may cost at this price: that of a lead, or of 1,000 tokens.
    pub(super) fn most(&self, price: Money) -> Option<Money> {
        match self {
            Self::Enrichment(_) | Self::Stored(_) | Self::Import(_) => Some(price),
            Self::Leads(find) => price.checked_times(find.max_count),
            Self::Message(_) => of_tokens(price, MOST_TOKENS),
        }
    }

    /// Whether what comes of it can be had without the answer to the call: what is said in a dialogue stays in it.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self, Self::Message(_))
    }
}

/// The price of so many tokens at this price of 1,000.
pub(super) fn of_tokens(price: Money, tokens: u32) -> Option<Money> {
    price.checked_mul(Money::from_units(i64::from(tokens) * (Money::ONE.units() / 1_000)))
}

/// What a call costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Price of a lead, or of 1,000 tokens.
    pub unit: Money,
    /// The most that the call may cost.
    pub most: Money,
    /// What is paid for.
    pub description: String,
}

/// What a call costs if it succeeds.
///
/// # Errors
/// When the database fails.
pub async fn price(app: &App, work: &Work, currency: &Currency) -> Result<Price, Error> {
    let tariffs = app.tariffs.current(&app.db, app.clock.now()).await?;
    let name = work.tariff(&app.models);
    let unit = name.map_or(Ok(Money::ZERO), |name| tariffs.price_in(name, currency))?;
    let most = work.most(unit).ok_or_else(|| Error::internal("the price is too large"))?;
    let tariff = tariffs.prices.iter().find(|tariff| Some(tariff.method.as_str()) == name);
    let description = match work {
        Work::Enrichment(_) => tariff.map(|tariff| tariff.description.clone()).unwrap_or_default(),
        Work::Leads(find) => {
            let each = tariff.map(|tariff| tariff.description.clone()).unwrap_or_default();
            format!("{each}, at most {} leads; those that are found are billed", find.max_count)
        }
        Work::Message(_) => format!("{MOST_TOKENS} tokens, the most that an answer takes; what it takes is billed"),
        Work::Stored(_) => "Messages that are only stored are free".to_owned(),
        Work::Import(_) => "Imports are free".to_owned(),
    };
    Ok(Price { unit, most, description })
}
