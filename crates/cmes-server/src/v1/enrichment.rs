//! `enrichment`: a full company profile from a link, an address or a text.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cmes_app::enrichment::Enrich;
use cmes_app::tasks::Work;
use cmes_types::{CompanyData, LanguageCode};
use utoipa::ToSchema;

use super::tasks::{self, Accepted, Delivery};
use crate::Server;
use crate::idempotency::IdempotencyRecord;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};

/// Longest list of exceptions, in characters.
const LONGEST_EXCEPTIONS: usize = 10_000;
/// Longest description of the asker's offer, in characters.
const LONGEST_OFFER: usize = 100_000;

/// What to enrich and how.
#[derive(Debug, ToSchema)]
#[schema(as = EnrichmentRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into what the task stores")]
pub(crate) struct EnrichmentFields {
    /// Any text with a link to the company: its site, an e-mail address, a whole e-mail.
    #[schema(required = true, example = "info@nordwind-pumpen.example")]
    content: String,
    /// Words that the answer may not contain, separated by commas; quotes hold a phrase together.
    #[schema(required = false)]
    exceptions: String,
    /// What you offer, for judging the potential of a deal (`EstimatedBudget`, `ProbabilityOfSuccess`).
    #[schema(required = false)]
    products_and_services: String,
    /// Language of the descriptive texts (ISO 639-1).
    #[schema(value_type = String, required = false, default = "en")]
    language_code: LanguageCode,
    /// Whether to answer at once with a task's ID, for `getresult`.
    #[schema(required = false, default = false)]
    asynch: bool,
    /// Address that is told about the end (http or https).
    #[schema(rename = "OutWebHook", required = false)]
    out_web_hook: String,
    /// Extension: return where each value came from.
    #[schema(required = false, default = false)]
    explain: bool,
    /// Extension: return what public pages say beyond the reference's fields.
    #[schema(required = false, default = false)]
    extended: bool,
    /// Extension: do nothing, return the price.
    #[schema(required = false, default = false)]
    dry_run: bool,
}

/// The same, as the handler needs it.
pub(crate) struct EnrichmentRequest {
    enrich: Enrich,
    delivery: Delivery,
}

impl FromFields for EnrichmentRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let delivery = Delivery::from_fields(fields, false);
        Self { enrich: enrich(fields, usize::MAX), delivery }
    }
}

/// What is asked for, in a Content of at most so many characters; the currency is the caller's.
pub(super) fn enrich(fields: &mut Fields, longest_content: usize) -> Enrich {
    Enrich {
        content: fields.required_text("Content", longest_content),
        exceptions: fields.text("Exceptions", LONGEST_EXCEPTIONS).unwrap_or_default(),
        products_and_services: fields.text("ProductsAndServices", LONGEST_OFFER).unwrap_or_default(),
        language: fields.language("LanguageCode").unwrap_or_default(),
        explain: fields.boolean("Explain").unwrap_or_default(),
        currency: String::new(),
        extended: fields.boolean("Extended").unwrap_or_default(),
    }
}

/// Reads a company's site and returns its profile.
#[utoipa::path(
    post,
    path = "/v1/enrichment",
    tag = "Enrichment",
    operation_id = "enrichment",
    request_body = EnrichmentFields,
    responses(
        (status = 200, description = "The profile; with `DryRun`, the price.", body = CompanyData),
        (status = 202, description = "With `Asynch`: the task's identifier.", body = Accepted),
        (status = 402, description = "Not enough money.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 405, description = "Error in request; also when Content holds no company or its site cannot be read.",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn enrichment(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    record: IdempotencyRecord,
    Input(request): Input<EnrichmentRequest>,
) -> Result<Response, Problem> {
    let enrich = Enrich { currency: caller.currency.to_string(), ..request.enrich };
    tasks::answer(&server, &caller, record, Work::Enrichment(enrich), None, request.delivery).await
}
