//! One request to a server: its address, its key, and the class of every refusal.

use std::time::Duration;

use bytes::Bytes;
use cmes_fetch::{ServiceAnswer, ServiceClient, ServiceError, ServiceOptions, is_in_house};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use url::Url;

use super::wire::{ErrorBody, Problem};
use super::{OpenAiSettings, SetupError};
use crate::error::{ModelError, ModelErrorKind};

/// Longest answer, as it is sent: long texts come in many small events.
pub(super) const LONGEST_ANSWER: usize = 16 * 1024 * 1024;
/// More of a refusal is not read.
const LONGEST_REFUSAL: usize = 64 * 1024;
/// What is kept of it for the log.
const SHOWN: usize = 300;

#[derive(Debug)]
pub(super) struct Endpoint {
    client: ServiceClient,
    base: Url,
    headers: HeaderMap,
    key: Option<super::ApiKey>,
    model: String,
}

/// Why a request got no answer.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) error: ModelError,
    /// The status of its answer; 0 when there was none.
    status: u16,
    /// What the server said, in lower case.
    pub(super) words: String,
}

impl From<ModelError> for Refusal {
    fn from(error: ModelError) -> Refusal {
        Refusal { error, status: 0, words: String::new() }
    }
}

impl Endpoint {
    pub(super) fn new(settings: &OpenAiSettings) -> Result<Endpoint, SetupError> {
        let options = ServiceOptions {
            connect_timeout: Some(Duration::from_secs(10)),
            proxy: settings.proxy.clone().filter(|_| !is_in_house(&settings.base_url)),
            ..ServiceOptions::default()
        };
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        if let Some(key) = &settings.api_key {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(|_| SetupError::ApiKey)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(Endpoint {
            client: ServiceClient::with(&options)?,
            base: base(&settings.base_url)?,
            headers,
            key: settings.api_key.clone(),
            model: settings.model.clone(),
        })
    }

    /// Sends a request, and gives the answer as soon as it begins.
    pub(super) async fn ask(&self, path: &str, body: Vec<u8>) -> Result<ServiceAnswer, Refusal> {
        let answer = self.client.ask(&self.url(path), self.headers.clone(), Bytes::from(body)).await;
        self.accepted(answer).await
    }

    /// The names of the models that the server offers; nothing when it has no such list.
    pub(super) async fn models(&self) -> Result<Option<Vec<String>>, ModelError> {
        let answer = self.client.get(&self.url("models"), self.headers.clone()).await;
        match self.accepted(answer).await {
            Ok(answer) => {
                let body = answer.body(LONGEST_ANSWER).await.map_err(|error| self.broken(error))?;
                let list: super::wire::ModelList = serde_json::from_slice(&body)
                    .map_err(|error| self.error(ModelErrorKind::Nonsense).because(error))?;
                Ok(Some(list.data.into_iter().map(|model| model.id).collect()))
            }
            Err(refusal) if refusal.status == 404 => Ok(None),
            Err(refusal) => Err(refusal.error),
        }
    }

    pub(super) fn error(&self, kind: ModelErrorKind) -> ModelError {
        ModelError::new(kind, &self.model)
    }

    /// Why an answer that had begun did not end well.
    pub(super) fn broken(&self, error: ServiceError) -> ModelError {
        let kind = match &error {
            ServiceError::Connect(_) => ModelErrorKind::Unavailable,
            ServiceError::Timeout => ModelErrorKind::Timeout,
            ServiceError::Broken(_) => ModelErrorKind::CutStream,
            ServiceError::TooLong(_) => ModelErrorKind::Nonsense,
        };
        self.error(kind).because(error)
    }

    /// What the server says about an error in the middle of an answer.
    pub(super) fn reported(&self, problem: &Problem) -> ModelError {
        let words = problem.words();
        let kind = if is_about_length(&words) { ModelErrorKind::TooLong } else { ModelErrorKind::Unavailable };
        self.error(kind).because(self.shown(&words))
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url
    }

    async fn accepted(&self, answer: Result<ServiceAnswer, ServiceError>) -> Result<ServiceAnswer, Refusal> {
        let answer = answer.map_err(|error| match error {
            // Broken off before the first byte: the server went away.
            ServiceError::Broken(_) => self.error(ModelErrorKind::Unavailable).because(error),
            other => self.broken(other),
        })?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let (status, retry_after) = (answer.status, answer.retry_after());
        let body = answer.body(LONGEST_REFUSAL).await.unwrap_or_default();
        let problem = serde_json::from_slice::<ErrorBody>(&body).ok().and_then(ErrorBody::problem);
        // Some servers answer with a bare sentence.
        let text = || String::from_utf8_lossy(&body).to_lowercase();
        let words = problem.as_ref().map_or_else(text, Problem::words);
        let kind = kind_of(status, retry_after, problem.is_some(), &words);
        let said = format!("status {status}: {}", self.shown(&words));
        let error = self.error(kind).because(said);
        Err(Refusal { error, status, words })
    }

    /// For the log: short, and without the key, which some servers repeat.
    fn shown(&self, words: &str) -> String {
        let words: String = words.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        match &self.key {
            Some(key) => key.hidden_in(&words),
            None => words,
        }
    }
}

fn base(url: &Url) -> Result<Url, SetupError> {
    let mut base = url.clone();
    base.set_query(None);
    base.set_fragment(None);
    // A password in the address would be sent nowhere and shown in errors.
    let is_usable = matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none();
    if !is_usable {
        let shown = url.host_str().unwrap_or(url.scheme());
        return Err(SetupError::BaseUrl(shown.to_owned()));
    }
    if base.path() == "/" {
        base.set_path("v1");
    }
    Ok(base)
}

fn kind_of(status: u16, retry_after: Option<Duration>, is_api: bool, words: &str) -> ModelErrorKind {
    match status {
        400 | 413 | 422 | 500 if is_about_length(words) => ModelErrorKind::TooLong,
        402 => ModelErrorKind::NoCredit,
        429 if words.contains("insufficient_quota") => ModelErrorKind::NoCredit,
        429 => ModelErrorKind::RateLimited { retry_after },
        // Busy for a time that it knows.
        503 if retry_after.is_some() => ModelErrorKind::RateLimited { retry_after },
        401 | 403 | 407 => ModelErrorKind::Refused,
        // Any other 404 means that the address is wrong.
        404 if is_api && words.contains("model") => ModelErrorKind::NoSuchModel,
        413 => ModelErrorKind::TooLong,
        501 => ModelErrorKind::BadRequest,
        408 | 425 | 500..=599 => ModelErrorKind::Unavailable,
        400 | 405..=499 => ModelErrorKind::BadRequest,
        _ => ModelErrorKind::Nonsense,
    }
}

/// Servers say it in their own words; all of them name the context and what of
/// it is too small, or call the prompt too long.
fn is_about_length(words: &str) -> bool {
    let has = |word: &&str| words.contains(word);
    let is_about_context = has(&"context") && ["token", "length", "size", "window", "exceed"].iter().any(has);
    is_about_context || ["too many tokens", "too long", "too large to process", "reduce the length"].iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_completed() {
        let check = |text: &str, expected: &str| {
            let settings = OpenAiSettings {
                base_url: Url::parse(text).expect("a URL"),
                api_key: None,
                model: "m".to_owned(),
                limits: super::super::Limits::default(),
                proxy: None,
            };
            assert_eq!(Endpoint::new(&settings).expect("usable").url("chat/completions").as_str(), expected);
        };
        check("http://127.0.0.1:8081", "http://127.0.0.1:8081/v1/chat/completions");
        check("https://api.example.com/v1", "https://api.example.com/v1/chat/completions");
        check("https://api.example.com/v1/", "https://api.example.com/v1/chat/completions");
        check("https://api.example.com/openai/v3?x=1#y", "https://api.example.com/openai/v3/chat/completions");
        for wrong in ["mailto:a@example.com", "ftp://example.com/", "https://user:secret@example.com/v1"] {
            let error = base(&Url::parse(wrong).expect("a URL")).expect_err(wrong).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
