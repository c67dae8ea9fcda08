//! `leadgeneration`: from a sentence to a list of checked companies.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cmes_app::Error;
use cmes_app::leads::{FindLeads, LONGEST_QUERY};
use cmes_app::tasks::Work;
use cmes_types::{CompanyData, LanguageCode};
use utoipa::ToSchema;

use super::enrichment;
use super::tasks::{self, Accepted, Delivery};
use crate::Server;
use crate::idempotency::IdempotencyRecord;
use crate::input::{Authenticated, Fields, FromFields, Input};
use crate::problem::{Problem, ProblemDocument};

/// Leads where the request does not say how many.
const USUAL_COUNT: i64 = 10;

/// Which companies are wanted.
#[derive(Debug, ToSchema)]
#[schema(as = LeadGenerationRequest, rename_all = "PascalCase")]
#[expect(dead_code, reason = "documents the fields; they are read into what the task stores")]
pub(crate) struct LeadGenerationFields {
    /// What you would type into a search engine, in any language.
    #[schema(required = true, example = "Pipe manufacturers, USA")]
    content: String,
    /// Most leads; the operator may allow fewer or more than 100.
    #[schema(required = false, default = 10, minimum = 1, maximum = 100)]
    max_count: u32,
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
    #[schema(required = false, default = true)]
    asynch: bool,
    /// Address that is told about the end (http or https).
    #[schema(rename = "OutWebHook", required = false)]
    out_web_hook: String,
    /// Extension: return where each value came from, and how each lead stands to the query (`Conditions`).
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
pub(crate) struct LeadGenerationRequest {
    find: FindLeads,
    delivery: Delivery,
}

impl FromFields for LeadGenerationRequest {
    fn from_fields(fields: &mut Fields) -> Self {
        let delivery = Delivery::from_fields(fields, true);
        let count = fields.integer("MaxCount", 1..=i64::from(u32::MAX)).unwrap_or(USUAL_COUNT);
        let max_count = u32::try_from(count).unwrap_or(u32::MAX);
        let find = FindLeads { max_count, enrich: enrichment::enrich(fields, LONGEST_QUERY) };
        Self { find, delivery }
    }
}

/// Finds companies that answer to a query, and returns their profiles, the best match first.
#[utoipa::path(
    post,
    path = "/v1/leadgeneration",
    tag = "Lead generation",
    operation_id = "leadgeneration",
    request_body = LeadGenerationFields,
    responses(
        (status = 200, description = "With `Asynch: false`: the leads, at most `MaxCount`; with `DryRun`, the price.",
         body = [CompanyData]),
        (status = 202, description = "The task's identifier.", body = Accepted),
        (status = 402, description = "Not enough money for `MaxCount` leads.", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = 405, description = "Error in request.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 500, description = "No provider of search answered.", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = "default", description = "A problem.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("apiKey" = []))
)]
pub(crate) async fn leadgeneration(
    State(server): State<Arc<Server>>,
    caller: Authenticated,
    record: IdempotencyRecord,
    Input(request): Input<LeadGenerationRequest>,
) -> Result<Response, Problem> {
    let most = server.options.max_count;
    if request.find.max_count > most {
        return Err(Error::field("MaxCount", format!("takes a whole number from 1 to {most}")).into());
    }
    let mut find = request.find;
    find.enrich.currency = caller.currency.to_string();
    tasks::answer(&server, &caller, record, Work::Leads(find), None, request.delivery).await
}
