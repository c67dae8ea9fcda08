//! One question to a service of search: its turn, its budget, its rest after
//! failures, and the class of every refusal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use cmes_fetch::{
    ApiKey, Breaker, DailyBudget, ServiceAnswer, ServiceClient, ServiceError, ServiceOptions, ServiceProxy, is_in_house,
};
use cmes_types::{Clock, error_chain};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use url::Url;

use crate::error::{SearchError, SearchErrorKind, SetupError};

/// A page of results has some ten thousand bytes; a list of companies of OpenStreetMap some hundred thousand.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;
/// More of a refusal is not read.
const LONGEST_REFUSAL: usize = 64 * 1024;
/// What is kept of it for the log, in characters.
const SHOWN: usize = 300;
/// Failures in a row after which a service rests.
const FAILURES: u32 = 3;
/// How long it rests then, and after too many requests when it names no pause.
const REST: Duration = Duration::from_secs(60);
/// How long it rests after it refused the key: nothing changes until the operator acts.
const REFUSED_REST: Duration = Duration::from_secs(15 * 60);
/// A pause that is waited for within a search: plans with so many requests a second ask for one.
const SHORT_PAUSE: Duration = Duration::from_secs(2);

/// Where a provider of search is and how it may be asked.
#[derive(Clone, Debug)]
pub struct ServiceSettings {
    /// Address of its API; without it, the provider's own. A SearXNG has none.
    pub base_url: Option<Url>,
    /// The key, for those that want one.
    pub api_key: Option<ApiKey>,
    /// What cmes calls itself.
    pub user_agent: String,
    /// The proxy on the way to a service outside of the house.
    pub proxy: Option<ServiceProxy>,
    /// Most requests between two midnights (UTC).
    pub daily_requests: Option<u64>,
    /// Longest time for one answer; without it, what suits the provider.
    pub timeout: Option<Duration>,
}

impl ServiceSettings {
    /// A provider at its own address, without key, proxy and limits.
    #[must_use]
    pub fn new(user_agent: &str) -> ServiceSettings {
        ServiceSettings {
            base_url: None,
            api_key: None,
            user_agent: user_agent.to_owned(),
            proxy: None,
            daily_requests: None,
            timeout: None,
        }
    }
}

/// What is particular about a service.
pub(crate) struct About {
    /// The provider's name in the configuration.
    pub(crate) name: &'static str,
    /// The setting that holds its address.
    pub(crate) address_setting: &'static str,
    /// Its address, when there is only one.
    pub(crate) own_address: Option<&'static str>,
    /// The setting that holds its key, and the header in which it is sent with what stands before it.
    pub(crate) key: Option<(&'static str, HeaderName, &'static str)>,
    /// The setting that holds its budget.
    pub(crate) budget_setting: &'static str,
    /// Longest time for one answer.
    pub(crate) timeout: Duration,
    /// Requests at once.
    pub(crate) parallel: usize,
    /// What a status and the words beside it mean, where that is not what they mean elsewhere.
    pub(crate) explain: fn(u16, &str) -> Option<(SearchErrorKind, String)>,
    /// The pause that headers ask for in a way of their own.
    pub(crate) pause: fn(&HeaderMap) -> Option<Duration>,
}

/// One request; without a body it is a GET.
pub(crate) struct Question {
    pub(crate) url: Url,
    pub(crate) body: Option<(&'static str, String)>,
}

pub(crate) struct Service {
    about: &'static About,
    client: ServiceClient,
    base: Url,
    headers: HeaderMap,
    key: Option<ApiKey>,
    timeout: Duration,
    turns: Semaphore,
    breaker: Breaker,
    /// Why it rests, for those who come meanwhile: they hear what to mend, too.
    reason: Mutex<String>,
    budget: DailyBudget,
    daily_requests: Option<u64>,
    /// Whether the log has it that the budget of the day is used up.
    is_told: AtomicBool,
    clock: Arc<dyn Clock>,
}

impl Service {
    pub(crate) fn new(
        about: &'static About,
        settings: ServiceSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Service, SetupError> {
        let base = base(about, settings.base_url)?;
        let options = ServiceOptions {
            connect_timeout: Some(Duration::from_secs(10)),
            proxy: settings.proxy.filter(|_| !is_in_house(&base)),
            ..ServiceOptions::default()
        };
        let user_agent = HeaderValue::from_str(&settings.user_agent).map_err(|_| SetupError::UserAgent)?;
        let mut headers =
            HeaderMap::from_iter([(USER_AGENT, user_agent), (ACCEPT, HeaderValue::from_static("application/json"))]);
        if let (Some(key), Some((setting, header, before))) = (&settings.api_key, &about.key) {
            let mut value =
                HeaderValue::from_str(&format!("{before}{}", key.expose())).map_err(|_| SetupError::ApiKey(setting))?;
            value.set_sensitive(true);
            headers.insert(header.clone(), value);
        }
        Ok(Service {
            about,
            client: ServiceClient::with(&options)?,
            base,
            headers,
            key: settings.api_key,
            timeout: settings.timeout.unwrap_or(about.timeout),
            turns: Semaphore::new(about.parallel),
            breaker: Breaker::new(FAILURES, REST),
            reason: Mutex::default(),
            budget: DailyBudget::new(settings.daily_requests),
            daily_requests: settings.daily_requests,
            is_told: AtomicBool::new(false),
            clock,
        })
    }

    /// The address of a method below that of the service.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        if !path.is_empty()
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url
    }

    /// What is read of the answer to a question. An answer that cannot be read
    /// counts as a failure; a short pause that the service asks for is waited for once.
    pub(crate) async fn ask<T>(
        &self,
        question: &Question,
        read: impl Fn(&Value) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        match self.once(question, &read).await {
            Err(SearchError { kind: SearchErrorKind::Limited, retry_after: Some(pause), .. })
                if pause <= SHORT_PAUSE =>
            {
                sleep(pause).await;
                self.once(question, &read).await
            }
            outcome => outcome,
        }
    }

    async fn once<T>(
        &self,
        question: &Question,
        read: &impl Fn(&Value) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let Ok(Ok(_turn)) = timeout(self.timeout, self.turns.acquire()).await else {
            let message = "too many searches wait for their turn; try again later".to_owned();
            return Err(self.error(SearchErrorKind::Unreachable, message));
        };
        self.admit()?;
        // Its own time begins with its turn.
        let outcome = match timeout(self.timeout, self.exchange(question)).await {
            Ok(answer) => answer.and_then(|answer| read(&answer)),
            Err(_) => Err(self.failure(ServiceError::Timeout)),
        };
        self.note(outcome.as_ref().err());
        outcome
    }

    fn admit(&self) -> Result<(), SearchError> {
        if let Err(pause) = self.breaker.admit() {
            let reason = self.reason.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let message = format!("it failed lately and is asked again in {}: {reason}", in_words(pause));
            return Err(SearchError { retry_after: Some(pause), ..self.error(SearchErrorKind::SetAside, message) });
        }
        let Err(pause) = self.budget.take(1, self.clock.now()) else {
            self.is_told.store(false, Ordering::Relaxed);
            return Ok(());
        };
        let message = format!(
            "its budget of {} requests a day is used up; it is asked again in {} (midnight UTC), or raise {}",
            self.daily_requests.unwrap_or_default(),
            in_words(pause),
            self.about.budget_setting
        );
        if !self.is_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(provider = self.about.name, "the day's budget of a provider of search is used up");
        }
        Err(SearchError { retry_after: Some(pause), ..self.error(SearchErrorKind::Limited, message) })
    }

    /// Remembers how it went, and says once that the service is set aside.
    fn note(&self, failure: Option<&SearchError>) {
        let Some(failure) = failure else { return self.breaker.succeeded() };
        let rest = match failure.kind {
            SearchErrorKind::Refused => REFUSED_REST,
            SearchErrorKind::Limited => failure.retry_after.unwrap_or(REST),
            SearchErrorKind::Unreachable | SearchErrorKind::Failed | SearchErrorKind::Nonsense => {
                if self.breaker.failed().is_none() {
                    return;
                }
                failure.retry_after.unwrap_or(REST).max(REST)
            }
            // It answered: the service is well.
            SearchErrorKind::Rejected | SearchErrorKind::SetAside => return self.breaker.succeeded(),
        };
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&failure.message);
        self.breaker.rest_for(rest);
        if rest > SHORT_PAUSE {
            let error = error_chain(failure);
            tracing::warn!(error, pause_s = rest.as_secs(), "a provider of search fails and is set aside for a while");
        }
    }

    async fn exchange(&self, question: &Question) -> Result<Value, SearchError> {
        let mut headers = self.headers.clone();
        let answer = match &question.body {
            None => self.client.get(&question.url, headers).await,
            Some((content_type, body)) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
                self.client.ask(&question.url, headers, Bytes::from(body.clone())).await
            }
        };
        let answer = answer.map_err(|error| self.failure(error))?;
        if answer.status != 200 {
            return Err(self.refusal(answer).await);
        }
        let body = answer.body(LONGEST_ANSWER).await.map_err(|error| self.failure(error))?;
        serde_json::from_slice(&body).map_err(|error| self.nonsense(error))
    }

    /// An answer that is not what this service answers.
    pub(crate) fn nonsense(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> SearchError {
        let message = format!("its answer cannot be understood; check {}", self.about.address_setting);
        SearchError { source: Some(source.into()), ..self.error(SearchErrorKind::Nonsense, message) }
    }

    pub(crate) fn error(&self, kind: SearchErrorKind, message: String) -> SearchError {
        SearchError { provider: self.about.name, kind, message, retry_after: None, source: None }
    }

    fn failure(&self, error: ServiceError) -> SearchError {
        let setting = self.about.address_setting;
        let (kind, message) = match &error {
            ServiceError::Connect(_) => (
                SearchErrorKind::Unreachable,
                format!("nothing answers at its address; check {setting}, fetch.proxy and the network"),
            ),
            ServiceError::Timeout => (
                SearchErrorKind::Unreachable,
                format!("it does not answer within {}; try again later", in_words(self.timeout)),
            ),
            ServiceError::Broken(_) => {
                (SearchErrorKind::Unreachable, "its answer broke off; try again later".to_owned())
            }
            ServiceError::TooLong(_) => {
                (SearchErrorKind::Nonsense, format!("its answer is too long to be one; check {setting}"))
            }
        };
        SearchError { source: Some(Box::new(error)), ..self.error(kind, message) }
    }

    async fn refusal(&self, answer: ServiceAnswer) -> SearchError {
        let status = answer.status;
        let pause = answer.retry_after().or_else(|| (self.about.pause)(&answer.headers));
        let body = answer.body(LONGEST_REFUSAL).await.unwrap_or_default();
        let words = String::from_utf8_lossy(&body).to_lowercase();
        let (kind, message) = (self.about.explain)(status, &words).unwrap_or_else(|| self.usual_meaning(status, pause));
        let retry_after = pause.filter(|_| matches!(status, 429 | 503));
        let source = Some(format!("status {status}: {}", self.shown(&words)).into());
        SearchError { retry_after, source, ..self.error(kind, message) }
    }

    fn usual_meaning(&self, status: u16, pause: Option<Duration>) -> (SearchErrorKind, String) {
        let setting = self.about.address_setting;
        match (status, &self.about.key) {
            (401 | 403 | 407, Some((key, _, _))) => {
                (SearchErrorKind::Refused, format!("it refuses the key (status {status}); check {key}"))
            }
            (401 | 403 | 407, None) => {
                (SearchErrorKind::Refused, format!("it refuses to answer (status {status}); check {setting}"))
            }
            (402, _) => (SearchErrorKind::Refused, "the plan that its key has is used up; raise it there".to_owned()),
            (429, _) => {
                let when = in_words(pause.unwrap_or(REST));
                let message = format!(
                    "it gets too many requests; it is asked again in {when}; {} keeps them below a number",
                    self.about.budget_setting
                );
                (SearchErrorKind::Limited, message)
            }
            (300..400, _) => (
                SearchErrorKind::Nonsense,
                format!("it sends us elsewhere (status {status}); set {setting} to the address where that ends"),
            ),
            (404 | 405 | 410, _) => {
                (SearchErrorKind::Nonsense, format!("its address has no such API (status {status}); check {setting}"))
            }
            (408 | 425, _) | (500..600, _) => {
                (SearchErrorKind::Failed, format!("it has a fault of its own (status {status}); try again later"))
            }
            (400..500, _) => (SearchErrorKind::Rejected, format!("it does not accept the question (status {status})")),
            _ => (SearchErrorKind::Nonsense, format!("its answer has the status {status}; check {setting}")),
        }
    }

    /// For the log: short, and without the key.
    fn shown(&self, words: &str) -> String {
        let words = self.key.as_ref().map_or_else(|| words.to_owned(), |key| key.hidden_in(words));
        words.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
    }
}

fn base(about: &'static About, url: Option<Url>) -> Result<Url, SetupError> {
    let own = about.own_address.and_then(|own| Url::parse(own).ok());
    let example = about.own_address.unwrap_or("http://127.0.0.1:8888");
    let wrong = |shown: &str| SetupError::Address { setting: about.address_setting, shown: shown.to_owned(), example };
    let mut url = url.or(own).ok_or_else(|| wrong("nothing"))?;
    url.set_query(None);
    url.set_fragment(None);
    // A password in the address would be sent nowhere and shown in errors.
    let has_password = url.password().is_some() || !url.username().is_empty();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && !has_password {
        return Ok(url);
    }
    Err(wrong(url.host_str().unwrap_or(url.scheme())))
}

fn in_words(time: Duration) -> String {
    match time.as_millis().div_ceil(1_000) {
        0 | 1 => "1 second".to_owned(),
        n @ ..=119 => format!("{n} seconds"),
        n @ ..=7_199 => format!("{} minutes", n.div_ceil(60)),
        n => format!("{} hours", n.div_ceil(3_600)),
    }
}
