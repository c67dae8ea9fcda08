//! The OpenAPI document, from the handlers' own declarations.

use utoipa::openapi::Server;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::{health, v1};

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "C-MES API",
        description = "The open, self-hosted engine for B2B sales intelligence. Authenticate with the header \
            `Authorization: Bearer apikey-…`. Names of fields are matched without regard to case; unknown fields are \
            ignored and named in the header `Ignored-Fields`. Error answers are `application/problem+json`; \
            405 is “Error in request”. A POST with the header `Idempotency-Key` may be repeated for 24 hours: it gets \
            the first answer again and costs nothing.",
        version = "1.0.0",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(),
    ),
    paths(
        v1::enrichment::enrichment,
        v1::leadgeneration::leadgeneration,
        v1::assistant::create,
        v1::assistant::update,
        v1::assistant::delete,
        v1::assistant::history::history,
        v1::assistant::message::message,
        v1::assistant::list,
        v1::tasks::getresult,
        v1::tasks::getresult_by_query,
        v1::tasks::getresult_events,
        v1::tasks::cancel,
        v1::knowledgebase::create,
        v1::knowledgebase::info,
        v1::knowledgebase::list,
        v1::knowledgebase::update,
        v1::knowledgebase::delete,
        v1::knowledgebase::search::search,
        v1::knowledgebase::entry::create,
        v1::knowledgebase::import::import,
        v1::knowledgebase::entry::info,
        v1::knowledgebase::entry::list,
        v1::knowledgebase::entry::update,
        v1::knowledgebase::entry::delete,
        v1::info::balance,
        v1::info::statistics,
        v1::info::tariffs,
        v1::echo::echo,
        health::health
    ),
    components(schemas(v1::tasks::DryRunAnswer)),
    modifiers(&ApiKey),
    tags(
        (name = "Enrichment", description = "From a link to a company's profile."),
        (name = "Lead generation", description = "From a sentence to companies that answer to it."),
        (name = "Assistants", description = "Dialogues whose answers rest on knowledge bases."),
        (name = "Tasks", description = "Results of calls with `Asynch: true`."),
        (name = "Knowledge bases", description = "What assistants answer from: articles in a tree of sections."),
        (name = "Info", description = "Prices, and a method to try requests with."),
        (name = "Operation", description = "For those who run the server."),
    )
)]
pub(crate) struct Document;

struct ApiKey;

impl Modify for ApiKey {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("apikey-…").build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("apiKey", SecurityScheme::Http(scheme));
    }
}

/// The document as JSON, as `cmes openapi` prints it and `/openapi.json` serves
/// it; `server` is the address under which clients reach this server, where it
/// is known.
#[must_use]
pub fn json(server: Option<&str>) -> String {
    let mut document = Document::openapi();
    document.servers = server.map(|url| vec![Server::new(url.trim_end_matches('/'))]);
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
