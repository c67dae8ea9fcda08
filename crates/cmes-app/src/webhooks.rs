//! Webhooks: what is told, how it is signed (Standard Webhooks,
//! <https://www.standardwebhooks.com>), and when it is tried again.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use cmes_fetch::{FetchError, FetchErrorKind, Posted};
use cmes_queue::{Verdict, retry};
use cmes_store::deliveries::{self, Attempt, Delivery, Next};
use cmes_store::jobs::Lease;
use cmes_store::tasks::Task;
use cmes_store::{Db, StoreError, secrets};
use cmes_types::{AccountId, DeliveryId, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

use crate::{App, Error};

/// Longest time for a receiver to answer.
const ANSWER_TIME: Duration = Duration::from_secs(15);
/// Pauses between attempts: nine of them in about a day.
pub const PLAN: [Duration; 8] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(8 * 3600),
    Duration::from_secs(8 * 3600),
];
/// How long an old secret goes on signing after a rotation.
pub const OVERLAP: Duration = Duration::from_secs(24 * 3600);
/// Random bytes of a secret; the standard asks for 24 to 64.
const SECRET_BYTES: usize = 32;
const SECRET_PREFIX: &str = "whsec_";

/// What a task's end tells.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TaskEnded<'a> {
    #[serde(rename = "ID")]
    id: Uuid,
    method: &'a str,
    status: &'static str,
    request: &'a RawValue,
    response: &'a RawValue,
}

/// The message about a task's end; `response` is JSON.
pub(crate) fn task_ended(task: &Task, is_success: bool, response: &str) -> String {
    let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned());
    let request = raw(task.request.as_deref().unwrap_or("null"));
    let response = raw(response);
    let message = TaskEnded {
        id: task.id.0,
        method: &task.method,
        status: if is_success { "Success" } else { "Error" },
        request: &request,
        response: &response,
    };
    serde_json::to_string(&message).unwrap_or_default()
}

/// The address in `OutWebHook`, judged as far as it can be before its name is resolved.
///
/// # Errors
/// [`Error::Fields`] when it is no address that may be called.
pub fn address(app: &App, text: &str) -> Result<Url, Error> {
    let refused = |detail: String| Error::field("OutWebHook", detail);
    let url = Url::parse(text.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| refused("takes an address that begins with http:// or https://".to_owned()))?;
    app.fetcher.policy().judge_url(&url).map_err(|error| refused(format!("cannot be called: {error}")))?;
    Ok(url)
}

/// The `webhook-id` of a message.
#[must_use]
pub fn message_id(id: DeliveryId) -> String {
    format!("msg_{id}")
}

/// The signature of a message with one secret: `v1,` and the HMAC-SHA256 of
/// `id.timestamp.body` in Base64. A secret that is none signs nothing.
fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

fn new_secret() -> Result<String, Error> {
    let mut bytes = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(Box::new(error)))?;
    Ok(format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes)))
}

/// The secrets that sign an account's webhooks now, the newest first; the first
/// one is made when it is needed.
///
/// # Errors
/// When the database fails.
pub async fn account_secrets(db: &Db, account: AccountId, now: Timestamp) -> Result<Vec<String>, Error> {
    let known = secrets::valid(db, account, now).await?;
    if !known.is_empty() {
        return Ok(known);
    }
    secrets::create_first(db, account, &new_secret()?, now).await?;
    Ok(secrets::valid(db, account, now).await?)
}

/// Makes a new secret; the old one signs beside it for [`OVERLAP`].
///
/// # Errors
/// When the database fails.
pub async fn rotate_secret(db: &Db, account: AccountId, now: Timestamp) -> Result<String, Error> {
    let secret = new_secret()?;
    secrets::rotate(db, account, &secret, now.plus(OVERLAP), now).await?;
    Ok(secret)
}

/// Sends a message of an account again that arrived or was given up.
///
/// # Errors
/// [`Error::Fields`] when there is no such message, or it is still being tried.
pub async fn resend(db: &Db, account: AccountId, id: DeliveryId, now: Timestamp) -> Result<(), Error> {
    match deliveries::resend(db, account, id, now).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::field("ID", format!("{id} is still being tried"))),
        Err(StoreError::NotFound) => Err(Error::field("ID", format!("{id} is no message of this account"))),
        Err(error) => Err(error.into()),
    }
}

/// Around an attempt to send a message. What this module logs in it goes into traces
/// (`cmes/src/telemetry/spans.rs`).
pub(crate) fn span() -> tracing::Span {
    tracing::debug_span!("webhook")
}

/// A worker's run of a message: one attempt.
pub(crate) async fn run(app: &App, lease: Lease) -> Verdict {
    match attempt(app, &lease).await {
        Ok(()) => Verdict::Ended,
        Err(error) => {
            tracing::error!(error = cmes_types::error_chain(&error), delivery = %lease.id, "the webhook cannot be sent now");
            Verdict::Retry(PLAN[1])
        }
    }
}

async fn attempt(app: &App, lease: &Lease) -> Result<(), Error> {
    let delivery = deliveries::of_lease(&app.db, lease).await?;
    let started = Instant::now();
    let outcome = post(app, &delivery).await?;
    let now = app.clock.now();
    let next = next(&outcome, lease, now);
    let attempt = Attempt {
        status: outcome.as_ref().ok().map(|posted| posted.status),
        error: reason(&outcome),
        duration_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
        created_at: now,
    };
    let label = match next {
        Next::Delivered => "delivered",
        Next::Retry(_) => "failed",
        Next::GiveUp => "given-up",
    };
    // A lease that was lost is no fault: the message is sent again under the same webhook-id.
    if deliveries::record(&app.db, lease, &attempt, next, now).await? {
        app.metrics.delivery_tried(label);
        tracing::info!(delivery = %lease.id, outcome = label, status = attempt.status, "webhook sent");
    }
    Ok(())
}

async fn post(app: &App, delivery: &Delivery) -> Result<Result<Posted, FetchError>, Error> {
    let now = app.clock.now();
    let Ok(url) = Url::parse(&delivery.url) else {
        return Ok(Err(FetchError::BadUrl { url: delivery.url.clone(), reason: "it is no address" }));
    };
    let (id, timestamp) = (message_id(delivery.id), now.milliseconds().div_euclid(1_000));
    let secrets = account_secrets(&app.db, delivery.account, now).await?;
    let signatures: Vec<String> =
        secrets.iter().filter_map(|secret| sign(secret, &id, timestamp, &delivery.body)).collect();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ];
    Ok(app.fetcher.post(&url, &headers, Bytes::from(delivery.body.clone()), ANSWER_TIME).await)
}

/// What follows an attempt: 2xx is success; 410 and an address that may not be
/// called end the plan; everything else, redirects included, is tried again,
/// after the pause that the receiver asks for if that is longer.
fn next(outcome: &Result<Posted, FetchError>, lease: &Lease, now: Timestamp) -> Next {
    let asked = match outcome {
        Ok(Posted { status: 200..=299, .. }) => return Next::Delivered,
        Ok(Posted { status: 410, .. }) => return Next::GiveUp,
        Ok(posted) => posted.retry_after,
        Err(error) if matches!(error.kind(), FetchErrorKind::NotPublic | FetchErrorKind::BadUrl) => {
            return Next::GiveUp;
        }
        Err(_) => None,
    };
    match retry::pause(&PLAN, lease.attempt, lease.id) {
        Some(pause) => Next::Retry(now.plus(pause.max(asked.unwrap_or_default()))),
        None => Next::GiveUp,
    }
}

/// Why an attempt was no success.
fn reason(outcome: &Result<Posted, FetchError>) -> Option<String> {
    match outcome {
        Ok(Posted { status: 200..=299, .. }) => None,
        Ok(Posted { status: 410, .. }) => Some("the receiver is gone for good (410)".to_owned()),
        Ok(Posted { status: 300..=399, .. }) => Some("redirects are not followed; give the final address".to_owned()),
        Ok(posted) => Some(format!("the receiver answered {}", posted.status)),
        Err(error) => Some(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification (standard-webhooks, spec/standard-webhooks.md, "Signature scheme").
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let signature = sign(
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
        );
        assert_eq!(signature.as_deref(), Some("v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="));
        assert_eq!(sign("C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "", 0, ""), None);
    }

    #[test]
    fn the_plan_takes_about_a_day() {
        let total: Duration = PLAN.iter().sum();
        assert!(total > Duration::from_secs(23 * 3600) && total < Duration::from_secs(25 * 3600), "{total:?}");
    }

    #[test]
    fn what_follows_depends_on_the_answer() {
        let now = Timestamp::from_milliseconds(0);
        let lease = |attempt| Lease { id: Uuid::nil(), account: AccountId(Uuid::nil()), worker: Uuid::nil(), attempt };
        let check = |status, retry_after, attempt, expected: Next| {
            let outcome = Ok(Posted { status, retry_after });
            assert_eq!(next(&outcome, &lease(attempt), now), expected, "{status} {attempt}");
        };
        let at = |seconds: i64| Next::Retry(Timestamp::from_milliseconds(seconds * 1000));
        check(204, None, 1, Next::Delivered);
        check(410, None, 1, Next::GiveUp);
        check(301, None, 1, at(5));
        check(500, None, 2, at(30));
        check(429, Some(Duration::from_secs(60)), 1, at(60));
        check(503, Some(Duration::from_secs(1)), 3, at(300));
        check(500, None, 9, Next::GiveUp);
        let refused = Err(FetchError::NotPublic { host: "x".into(), rule: "a loopback address" });
        assert_eq!(next(&refused, &lease(1), now), Next::GiveUp);
        let slow = Err(FetchError::Timeout { host: "x".into(), limit: ANSWER_TIME });
        assert_eq!(next(&slow, &lease(1), now), at(5));
    }
}
