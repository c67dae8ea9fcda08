//! The answer of `entry/import`.

use serde::Serialize;
use uuid::Uuid;

use super::{Outcome, Status};
use crate::Error;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    entries: Vec<Entry<'a>>,
    created: usize,
    updated: usize,
    unchanged: usize,
    failed: usize,
    removed: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    source: &'a str,
    status: Status,
    #[serde(rename = "ID", skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    #[serde(rename = "ExternalID", skip_serializing_if = "Option::is_none")]
    external_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// The outcomes as JSON.
pub(crate) fn answer(outcomes: &[Outcome]) -> Result<String, Error> {
    let count = |status| outcomes.iter().filter(|outcome| outcome.status == status).count();
    let entries = outcomes.iter().map(|outcome| Entry {
        source: &outcome.source,
        status: outcome.status,
        id: outcome.names.map(|names| names.id),
        external_id: outcome.names.map(|names| names.external_id),
        code: outcome.names.map(|names| names.code),
        name: outcome.name.as_deref(),
        reason: outcome.reason.as_deref(),
    });
    let answer = Answer {
        entries: entries.collect(),
        created: count(Status::Created),
        updated: count(Status::Updated),
        unchanged: count(Status::Unchanged),
        failed: count(Status::Failed),
        removed: count(Status::Removed),
    };
    serde_json::to_string(&answer).map_err(Error::internal)
}
