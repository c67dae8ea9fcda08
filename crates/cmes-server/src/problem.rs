//! Error answers: `application/problem+json` (RFC 9457).
//!
//! [`KINDS`] is the one table of what can go wrong: each kind's stable name
//! (the end of its `type` URI), its status, and the page that explains it, from
//! which `docs/problems.md` and the pages under `/problems/` are made.

use axum::response::{IntoResponse, Response};
use cmes_app::{Failure, FieldError};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The body is no JSON object.
    BadJson,
    /// Fields cannot be used.
    InvalidField,
    /// A field was given twice.
    DuplicateField,
    /// An identifier belongs to another object.
    IdentifierTaken,
    /// The body did not arrive in time.
    IncompleteBody,
    /// Content holds no company's site.
    NothingToEnrich,
    /// The site cannot be read.
    SiteUnreachable,
    /// The site is nobody's.
    NotACompany,
    /// The dialogue takes no messages.
    InactiveChannel,
    /// The owner stopped the task.
    Cancelled,
    /// The first request with the same Idempotency-Key goes on.
    StillRunning,
    /// The Idempotency-Key was used for another request.
    IdempotencyKeyReused,
    /// The path exists, but not with this HTTP method.
    MethodNotAllowed,
    /// The balance is too small.
    NotEnoughMoney,
    /// A cap of the key or project is reached.
    OverCap,
    /// No credentials.
    Unauthenticated,
    /// Credentials that are not valid.
    KeyNotValid,
    /// No such path.
    NotFound,
    /// The body is too large.
    ContentTooLarge,
    /// Too many requests with this key.
    TooManyRequests,
    /// Stopping or overloaded.
    Unavailable,
    /// The model that answers has failed.
    ModelFailed,
    /// No provider of search answered.
    SearchFailed,
    /// Our own fault.
    Internal,
}

/// What is documented of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Documented {
    /// The kind.
    pub kind: Kind,
    /// End of its URI under `/problems/`.
    pub name: &'static str,
    /// Its status code.
    pub status: StatusCode,
    /// What has happened.
    pub meaning: &'static str,
    /// What the caller can do.
    pub remedy: &'static str,
}

const ERROR_IN_REQUEST: StatusCode = StatusCode::METHOD_NOT_ALLOWED;

/// Every kind, in the order of [`Kind`].
pub const KINDS: &[Documented] = &[
    Documented {
        kind: Kind::BadJson,
        name: "bad-json",
        status: ERROR_IN_REQUEST,
        meaning: "The body of the request is not a JSON object in UTF-8.",
        remedy: "Look at the line and column in `detail`. Comments, trailing commas and a shell's line continuations \
                 are forgiven; missing commas, `=` instead of `:` and single quotes are not.",
    },
    Documented {
        kind: Kind::InvalidField,
        name: "invalid-field",
        status: ERROR_IN_REQUEST,
        meaning: "A required field is missing, or a field has a value that it does not take.",
        remedy: "`errors` names each field and what it takes.",
    },
    Documented {
        kind: Kind::DuplicateField,
        name: "duplicate-field",
        status: ERROR_IN_REQUEST,
        meaning: "One field was given twice. Names of fields are matched without regard to case, so `Content` and \
                  `content` are the same field.",
        remedy: "Send each field once.",
    },
    Documented {
        kind: Kind::IdentifierTaken,
        name: "identifier-taken",
        status: ERROR_IN_REQUEST,
        meaning: "An object was to get an `ID` or `ExternalID` that another one of its kind in the account has, or a \
                  `Code` that was given out before; codes are not used again, also not after a deletion. Nothing was \
                  changed.",
        remedy: "`errors` names the field. Update the object that has the identifier, or give another one, or none.",
    },
    Documented {
        kind: Kind::IncompleteBody,
        name: "incomplete-body",
        status: ERROR_IN_REQUEST,
        meaning: "The body of the request did not arrive completely or not in time.",
        remedy: "Send it again; check the connection and the Content-Length.",
    },
    Documented {
        kind: Kind::NothingToEnrich,
        name: "nothing-to-enrich",
        status: ERROR_IN_REQUEST,
        meaning: "`Content` holds no link, domain or e-mail address of a company. Addresses at mail providers, links \
                  to social networks, calendars, shorteners and the like do not count. Nothing was billed.",
        remedy: "Give the company's site or an e-mail address at its own domain.",
    },
    Documented {
        kind: Kind::SiteUnreachable,
        name: "site-unreachable",
        status: ERROR_IN_REQUEST,
        meaning: "The company's site was found in `Content` but cannot be read: it does not answer, forbids reading, \
                  or leads to an address that is not public. Nothing was billed.",
        remedy: "`detail` says which. Check the spelling, or try again later.",
    },
    Documented {
        kind: Kind::NotACompany,
        name: "not-a-company",
        status: ERROR_IN_REQUEST,
        meaning: "The site was read, but it is nobody's profile: a parked domain, a domain for sale, a placeholder of \
                  a hosting provider. Nothing was billed.",
        remedy: "Give another link of the company.",
    },
    Documented {
        kind: Kind::InactiveChannel,
        name: "inactive-channel",
        status: ERROR_IN_REQUEST,
        meaning: "The dialogue is not active and takes no messages.",
        remedy: "Set `IsActive` to true with `assistant/update`, or use another dialogue.",
    },
    Documented {
        kind: Kind::Cancelled,
        name: "cancelled",
        status: ERROR_IN_REQUEST,
        meaning: "The task was stopped before it was finished: by `cancel`, or because the caller of a synchronous \
                  method went away. Nothing was billed.",
        remedy: "Send the request again if you need its result after all.",
    },
    Documented {
        kind: Kind::StillRunning,
        name: "still-running",
        status: ERROR_IN_REQUEST,
        meaning: "An earlier request with the same `Idempotency-Key` is still being answered.",
        remedy: "Send the request again after the seconds in the header `Retry-After`; you will get the first one's \
                 answer.",
    },
    Documented {
        kind: Kind::IdempotencyKeyReused,
        name: "idempotency-key-reused",
        status: ERROR_IN_REQUEST,
        meaning: "In the last 24 hours, this `Idempotency-Key` came with another path or body.",
        remedy: "Use a new key for each new request, and the same key only to repeat a request unchanged.",
    },
    Documented {
        kind: Kind::MethodNotAllowed,
        name: "method-not-allowed",
        status: StatusCode::METHOD_NOT_ALLOWED,
        meaning: "The path exists, but does not take this HTTP method.",
        remedy: "Use one of the methods in the header `Allow`.",
    },
    Documented {
        kind: Kind::NotEnoughMoney,
        name: "not-enough-money",
        status: StatusCode::PAYMENT_REQUIRED,
        meaning: "The balance is smaller than what the call may cost. Nothing was done and nothing was billed.",
        remedy: "Top up the balance, or ask for less; `detail` says what the balance would pay for. `DryRun: true` \
                 tells the price beforehand.",
    },
    Documented {
        kind: Kind::OverCap,
        name: "over-cap",
        status: StatusCode::PAYMENT_REQUIRED,
        meaning: "The API key or its project may spend only so much a day or month (UTC), and this call would be more. \
                  Nothing was done and nothing was billed.",
        remedy: "Wait for the next day or month, use another key or project, or have the cap raised.",
    },
    Documented {
        kind: Kind::Unauthenticated,
        name: "unauthenticated",
        status: StatusCode::UNAUTHORIZED,
        meaning: "The request has no header `Authorization: Bearer apikey-…`.",
        remedy: "Send the header with one of your API keys.",
    },
    Documented {
        kind: Kind::KeyNotValid,
        name: "key-not-valid",
        status: StatusCode::FORBIDDEN,
        meaning: "The API key is unknown, revoked or expired, or its account is closed.",
        remedy: "Use another key or create a new one.",
    },
    Documented {
        kind: Kind::NotFound,
        name: "not-found",
        status: StatusCode::NOT_FOUND,
        meaning: "There is no method at this path.",
        remedy: "Look the path up in the reference at `/docs/`. Methods begin with `/v1/`.",
    },
    Documented {
        kind: Kind::ContentTooLarge,
        name: "content-too-large",
        status: StatusCode::PAYLOAD_TOO_LARGE,
        meaning: "The body of the request is larger than this server takes.",
        remedy: "Send less; the operator can raise `limits.max_body_bytes`.",
    },
    Documented {
        kind: Kind::TooManyRequests,
        name: "too-many-requests",
        status: StatusCode::TOO_MANY_REQUESTS,
        meaning: "This API key has made more requests than it may in one minute.",
        remedy: "Wait for the seconds in the header `Retry-After`. The headers `RateLimit` and `RateLimit-Policy` of \
                 every answer say how many are left.",
    },
    Documented {
        kind: Kind::Unavailable,
        name: "unavailable",
        status: StatusCode::SERVICE_UNAVAILABLE,
        meaning: "The server is stopping, has more work than it can do, or cannot store anything at the moment. \
                  Nothing was billed.",
        remedy: "Send the request again after the seconds in the header `Retry-After`.",
    },
    Documented {
        kind: Kind::ModelFailed,
        name: "model-failed",
        status: StatusCode::INTERNAL_SERVER_ERROR,
        meaning: "The language model that writes the assistant's answers failed or took too long. The user's message \
                  is kept, and nothing was billed.",
        remedy: "Send the message again with the same `ID` (`detail` names it): then it is answered. When it goes on, \
                 the operator finds the reason in the server's log and with `cmes doctor`.",
    },
    Documented {
        kind: Kind::SearchFailed,
        name: "search-failed",
        status: StatusCode::INTERNAL_SERVER_ERROR,
        meaning: "No provider of search answered, so no leads could be looked for. Nothing was billed.",
        remedy: "Try again later. When it goes on, the operator finds in `detail` what to configure, the reasons in the \
                 server's log, and with `cmes doctor` what to do about each provider.",
    },
    Documented {
        kind: Kind::Internal,
        name: "internal",
        status: StatusCode::INTERNAL_SERVER_ERROR,
        meaning: "The server failed. Nothing was billed.",
        remedy: "Try again later. When it goes on, give the operator the `requestId`, which stands in the server's log.",
    },
];

impl Kind {
    /// What is documented of it.
    #[must_use]
    pub fn documented(self) -> &'static Documented {
        // The table is in the order of the enum (a test holds it to that).
        &KINDS[self as usize]
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|documented| documented.name == name).map(|documented| documented.kind)
    }

    /// Its stable URI.
    #[must_use]
    pub fn uri(self) -> String {
        format!("/problems/{}", self.documented().name)
    }
}

/// The reference's description of a status code ("Server response codes");
/// for the few codes beside it, HTTP's own.
fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Authorization error",
        402 => "Not enough money",
        403 => "API Key is not valid",
        405 => "Error in request",
        500 => "Internal Server Error",
        _ => status.canonical_reason().unwrap_or("Error"),
    }
}

/// An error answer before it knows the request's id, which the middleware
/// around the router adds (`context`).
#[derive(Clone, Debug)]
pub struct Problem {
    /// Its kind.
    pub kind: Kind,
    /// A sentence that says what to do.
    pub detail: String,
    /// The fields at fault.
    pub fields: Vec<FieldError>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// With the sentence for this case.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), fields: Vec::new(), retry_after: None }
    }

    /// To be tried again after so many seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The document for the client.
    #[must_use]
    pub fn document(&self, request_id: Uuid) -> ProblemDocument {
        let documented = self.kind.documented();
        ProblemDocument {
            problem_type: self.kind.uri(),
            title: title(documented.status).to_owned(),
            status: documented.status.as_u16(),
            detail: self.detail.clone(),
            errors: self
                .fields
                .iter()
                .map(|e| ProblemField { field: e.field.clone(), detail: e.detail.clone() })
                .collect(),
            request_id,
        }
    }
}

/// An error answer (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Stable URI of the kind of problem; a page there explains it.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid-field")]
    problem_type: String,
    /// The reference's description of the status code.
    #[schema(example = "Error in request")]
    title: String,
    /// The status code.
    #[schema(example = 405)]
    status: u16,
    /// A sentence that says what to do.
    detail: String,
    /// The fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField>,
    /// The same as in the header `Request-Id`.
    request_id: Uuid,
}

/// A field at fault.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// Its name.
    field: String,
    /// What it takes.
    detail: String,
}

impl IntoResponse for Problem {
    /// Without a body yet: `context` writes it, with the request's id.
    fn into_response(self) -> Response {
        let mut response = self.kind.documented().status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<cmes_app::Error> for Problem {
    fn from(error: cmes_app::Error) -> Self {
        match &error {
            cmes_app::Error::Internal(cause) => {
                tracing::error!(error = cmes_types::error_chain(cause.as_ref()), "request failed");
            }
            cmes_app::Error::Busy(cause) => {
                tracing::warn!(error = cmes_types::error_chain(cause), "request turned away");
            }
            _ => {}
        }
        Failure::from(&error).into()
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let kind = Kind::named(&failure.kind).unwrap_or(Kind::Internal);
        let retry_after = match kind {
            Kind::StillRunning | Kind::Unavailable => Some(RETRY_SOON),
            _ => None,
        };
        Self { kind, detail: failure.detail, fields: failure.fields, retry_after }
    }
}

/// Seconds after which to try again what may soon work.
const RETRY_SOON: u64 = 5;

/// The document of a failure for those who hear of it by webhook.
#[must_use]
pub fn document(failure: &Failure, request_id: Uuid) -> String {
    serde_json::to_string(&Problem::from(failure.clone()).document(request_id)).unwrap_or_default()
}

/// `docs/problems.md`.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from(
        "# Problem types\n\nEvery error answer is `application/problem+json` (RFC 9457). Its `type` is one of the URIs \
         below; they do not change. 405 is the API's “Error in request”.\n\n\
         This page is made from the table in `crates/cmes-server/src/problem.rs` by `cargo xtask generate`.\n",
    );
    for kind in KINDS {
        out.push_str(&format!(
            "\n## {}\n\n`/problems/{}`, status {}, title “{}”\n\n{}\n\n{}\n",
            kind.name,
            kind.name,
            kind.status.as_u16(),
            title(kind.status),
            kind.meaning,
            kind.remedy
        ));
    }
    out
}

/// The page of one kind, as `/problems/{name}` shows it.
pub(crate) fn page(name: &str) -> Option<String> {
    let kind = KINDS.iter().find(|kind| kind.name == name)?;
    Some(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{name}</title><style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;\
         padding:0 1rem}}code{{background:#eee;padding:0 .2em}}</style><h1>{name}</h1><p>Status {} – {}</p>\
         <p>{}</p><p><b>What to do:</b> {}</p>",
        kind.status.as_u16(),
        title(kind.status),
        code_spans(kind.meaning),
        code_spans(kind.remedy),
    ))
}

/// The table's only markup, `code`, as HTML.
fn code_spans(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_kinds() {
        for (index, documented) in KINDS.iter().enumerate() {
            assert_eq!(documented.kind as usize, index, "{}", documented.name);
        }
        assert_eq!(KINDS.len(), Kind::Internal as usize + 1);
    }
}
