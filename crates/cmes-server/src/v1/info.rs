//! `info/…`: tariffs.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cmes_types::Money;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Server;

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
pub(crate) async fn tariffs(State(server): State<Arc<Server>>) -> Json<Vec<TariffRecord>> {
    let tariffs = &server.app.tariffs;
    let records = tariffs.prices.iter().map(|tariff| {
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
    Json(records.collect())
}
