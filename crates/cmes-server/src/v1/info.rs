//! `info/…`: balance, statistics, tariffs.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cmes_app::statistics::{self, Grouping, Period, Query};
use cmes_app::tariffs::Tariff;
use cmes_types::{Currency, DayEnd, Money};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Server;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};

/// The money of an account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Balance {
    /// What can be spent; money that running tasks have set aside is not in it.
    #[schema(value_type = f64, example = 25)]
    balance: Money,
    /// Its currency.
    #[schema(value_type = String, example = "GBP")]
    currency: Currency,
}

/// Returns the account's balance.
#[utoipa::path(
    get,
    path = "/v1/info/balance",
    tag = "Info",
    operation_id = "info_balance",
    responses(
        (status = 200, description = "The balance.", body = Balance),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn balance(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
) -> Result<Json<Balance>, Problem> {
    let balance = cmes_store::accounts::balance(&server.app.db, caller.account).await;
    Ok(Json(Balance { balance: balance.map_err(cmes_app::Error::from)?, currency: caller.currency.clone() }))
}

/// Which consumption, and how it is grouped.
#[derive(Debug, ToSchema)]
#[schema(as = StatisticsRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into a query")]
pub(crate) struct StatisticsFields {
    /// Requests from here on (ISO 8601; a date alone is its first moment, without zone it is UTC).
    #[schema(required = true, example = "2024-11-01T17:04:56.094Z")]
    start: String,
    /// Requests up to here (a date alone is its last moment).
    #[schema(required = true, example = "2024-11-30T17:04:56.094Z")]
    end: String,
    /// `Project`, `Service` or `All`.
    #[schema(rename = "Type", required = false, default = "All")]
    grouping: String,
    /// `Day`, `Month` or `All`: each request on its own.
    #[schema(required = false, default = "All")]
    period: String,
}

/// The same, as the handler needs it.
pub(crate) struct StatisticsRequest(Query);

impl FromFields for StatisticsRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let groupings = [("Project", Grouping::Project), ("Service", Grouping::Service), ("All", Grouping::All)];
        let periods = [("Day", Period::Day), ("Month", Period::Month), ("All", Period::All)];
        Self(Query {
            start: fields.required_date("Start", DayEnd::Start),
            end: fields.required_date("End", DayEnd::End),
            grouping: fields.choice("Type", &groupings).unwrap_or_default(),
            period: fields.choice("Period", &periods).unwrap_or_default(),
        })
    }
}

/// Consumption of one group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StatisticsRecord {
    /// The group's first moment, or the moment of the request (UTC).
    #[schema(example = "2024-11-05T00:00:00")]
    period: String,
    /// What was paid.
    #[schema(value_type = f64, example = 0.6)]
    sum: Money,
    /// Its currency.
    #[schema(value_type = String, example = "GBP")]
    currency: Currency,
    /// The method.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/enrichment")]
    service: Option<String>,
    /// Name of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    /// Name of the API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<String>,
}

/// Returns what the account has consumed.
#[utoipa::path(
    post,
    path = "/v1/info/statistics",
    tag = "Info",
    operation_id = "info_statistics",
    request_body = StatisticsFields,
    responses(
        (status = 200, description = "Ordered by period; groups without consumption are left out.",
         body = [StatisticsRecord]),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn statistics(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(StatisticsRequest(query)): Input<StatisticsRequest>,
) -> Result<Json<Vec<StatisticsRecord>>, Problem> {
    let records = statistics::records(&server.app.db, caller.account, &query).await?;
    let record = |record: statistics::Record| StatisticsRecord {
        period: record.period.without_zone(),
        sum: record.sum,
        currency: caller.currency.clone(),
        service: record.service,
        project: record.project,
        api_key: record.key,
    };
    Ok(Json(records.into_iter().map(record).collect()))
}

/// The price of one method.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TariffRecord {
    /// Name of the service.
    #[schema(example = "/v1/enrichment")]
    method: String,
    /// What is paid for.
    #[schema(example = "Price per successfully enriched lead")]
    description: String,
    /// How it is counted.
    price_rules: String,
    /// Price in pounds.
    #[serde(rename = "PriceGBP")]
    #[schema(value_type = f64, example = 0.1)]
    price_gbp: Money,
    /// Price in euros, at the current exchange rate.
    #[serde(rename = "PriceEUR")]
    #[schema(value_type = f64, example = 0.1196988)]
    price_eur: Money,
    /// Price in dollars, at the current exchange rate.
    #[serde(rename = "PriceUSD")]
    #[schema(value_type = f64, example = 0.1340148)]
    price_usd: Money,
}

/// Current prices in three currencies; needs no key.
#[utoipa::path(
    get,
    path = "/v1/info/tariffs",
    tag = "Info",
    operation_id = "info_tariffs",
    responses((status = 200, description = "The prices.", body = [TariffRecord]))
)]
pub(crate) async fn tariffs(State(server): State<Arc<Server>>) -> Result<Json<Vec<TariffRecord>>, Problem> {
    let tariffs = server.app.tariffs.current(&server.app.db, server.app.clock.now()).await?;
    let mut prices: Vec<&Tariff> = tariffs.prices.iter().collect();
    // The reference's two methods stand first, as in its example.
    prices.sort_by_key(|tariff| match tariff.method.as_str() {
        "/v1/leadgeneration" => 0,
        "/v1/enrichment" => 1,
        _ => 2,
    });
    let records = prices.into_iter().map(|tariff| {
        // The configuration is refused at the start unless it has all three rates.
        let price = |currency| tariffs.convert(tariff.price, currency).unwrap_or_default();
        TariffRecord {
            method: tariff.method.clone(),
            description: tariff.description.clone(),
            price_rules: tariff.rules.clone(),
            price_gbp: price("GBP"),
            price_eur: price("EUR"),
            price_usd: price("USD"),
        }
    });
    Ok(Json(records.collect()))
}
