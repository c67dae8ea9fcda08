//! `enrichment`: a full company profile from a link, an address or a text.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cmes_app::Error;
use cmes_app::enrichment::{Enrich, observer};
use cmes_fetch::FetchEvent;
use cmes_types::{CompanyData, Currency, LanguageCode, Money};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Server;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Kind, Problem, ProblemDocument};

const METHOD: &str = "/v1/enrichment";
/// Longest list of exceptions, in characters.
const LONGEST_EXCEPTIONS: usize = 10_000;
/// Longest description of the asker's offer, in characters.
const LONGEST_OFFER: usize = 100_000;

/// What to enrich and how.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "PascalCase")]
pub(crate) struct EnrichmentRequest {
    /// Any text with a link to the company: its site, an e-mail address, a whole e-mail.
    #[schema(required = true, example = "info@nordwind-pumpen.example")]
    content: String,
    /// Words that the answer may not contain, separated by commas; quotes hold a phrase together.
    #[schema(required = false)]
    exceptions: String,
    /// What you offer, for judging the potential of a deal; without a language model it has no effect yet.
    #[schema(required = false)]
    products_and_services: String,
    /// Language of the descriptive texts (ISO 639-1).
    #[schema(value_type = String, required = false, default = "en")]
    language_code: LanguageCode,
    /// Whether to answer at once with a task's ID. This version takes `false` only.
    #[schema(required = false, default = false)]
    asynch: bool,
    /// Extension: return where each value came from.
    #[schema(required = false, default = false)]
    explain: bool,
    /// Extension: do nothing, return the price.
    #[schema(required = false, default = false)]
    dry_run: bool,
}

impl FromFields for EnrichmentRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let request = Self {
            content: fields.required_text("Content", usize::MAX),
            exceptions: fields.text("Exceptions", LONGEST_EXCEPTIONS).unwrap_or_default(),
            products_and_services: fields.text("ProductsAndServices", LONGEST_OFFER).unwrap_or_default(),
            language_code: fields.language("LanguageCode").unwrap_or_default(),
            asynch: fields.boolean("Asynch").unwrap_or_default(),
            explain: fields.boolean("Explain").unwrap_or_default(),
            dry_run: fields.boolean("DryRun").unwrap_or_default(),
        };
        // To take these and do something else would leave the caller waiting.
        if request.asynch {
            fields.refuse("Asynch", "takes false: this version answers synchronously only");
        }
        if fields.text("OutWebHook", 2_000).is_some_and(|url| !url.is_empty()) {
            fields.refuse("OutWebHook", "takes nothing: this version sends no webhooks");
        }
        request
    }
}

/// What a call would do and cost.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DryRunAnswer {
    /// Always true.
    dry_run: bool,
    /// Price of the call, if it succeeds.
    #[schema(value_type = f64)]
    price: Money,
    /// Currency of the price.
    #[schema(value_type = String)]
    currency: Currency,
    /// What is paid for.
    description: String,
}

/// Reads a company's site and returns its profile.
#[utoipa::path(
    post,
    path = "/v1/enrichment",
    tag = "Enrichment",
    operation_id = "enrichment",
    request_body = EnrichmentRequest,
    responses(
        (status = 200, description = "The profile; with `DryRun`, the price.", body = CompanyData),
        (status = 405, description = "Error in request; also when Content holds no company or its site cannot be read.",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn enrichment(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    Input(request): Input<EnrichmentRequest>,
) -> Result<Response, Problem> {
    if request.dry_run {
        return Ok(Json(dry_run(&server, &caller)).into_response());
    }
    let turn = tokio::time::timeout(server.options.patience, server.enrichments.acquire()).await;
    let Ok(Ok(_permit)) = turn else {
        return Err(Problem::new(Kind::Unavailable, "too many enrichments are running; try again").retry_after(10));
    };
    let enrich = Enrich {
        content: request.content,
        exceptions: request.exceptions,
        products_and_services: request.products_and_services,
        language: request.language_code,
        explain: request.explain,
    };
    let pages = server.metrics.pages.clone();
    let counter = observer(move |event| {
        if matches!(event, FetchEvent::Finished { .. }) {
            pages.inc();
        }
    });
    let outcome = server.app.enricher.enrich(&enrich, Some(counter)).await;
    server.metrics.enriched(outcome_name(&outcome));
    Ok(Json(outcome?).into_response())
}

fn dry_run(server: &Server, caller: &cmes_app::Caller) -> DryRunAnswer {
    let tariffs = &server.app.tariffs;
    let tariff = tariffs.prices.iter().find(|tariff| tariff.method == METHOD);
    DryRunAnswer {
        dry_run: true,
        price: tariffs.price(METHOD, caller.currency.as_str()).unwrap_or_default(),
        currency: caller.currency.clone(),
        description: tariff.map(|tariff| tariff.description.clone()).unwrap_or_default(),
    }
}

fn outcome_name(outcome: &Result<CompanyData, Error>) -> &'static str {
    match outcome {
        Ok(_) => "success",
        Err(Error::NothingToEnrich) => "nothing-to-enrich",
        Err(Error::SiteUnreachable(_)) => "site-unreachable",
        Err(Error::NotACompany { .. }) => "not-a-company",
        Err(_) => "error",
    }
}
