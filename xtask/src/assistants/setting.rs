//! What assistants are measured in: a server with a database, a script as its model, a client, bases and dialogues.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue, header};
use bytes::Bytes;
use cmes_app::accounts::{self, MakeKey, OpenAccount};
use cmes_app::knowledge::articles::{self, CreateArticle};
use cmes_app::knowledge::{bases, nearness};
use cmes_app::turns::Turns;
use cmes_app::{App, tariffs, worker};
use cmes_fetch::{ServiceAnswer, ServiceClient};
use cmes_models::embedded::{EmbeddedEmbedder, EmbedderSettings};
use cmes_models::openai::{Limits, OpenAiChat, OpenAiSettings};
use cmes_models::{Embedder, Kind, Models};
use cmes_server::{Server, ServerOptions};
use cmes_store::articles::Parent;
use cmes_store::channels::{self, NewChannel};
use cmes_store::identifiers::Identifiers;
use cmes_store::knowledge_bases::NewBase;
use cmes_store::messages::{self, Content};
use cmes_store::{Connect, Db};
use cmes_testkit::models::{ModelServer, Reply};
use cmes_types::{AccountId, Clock, Currency, Money, Speaker, SystemClock, Timestamp, ids};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;
use uuid::Uuid;

use super::embedder::Half;
use crate::knowledge::Outcome;
use crate::knowledge::parts::{self, Invented, Texts, cpu};

/// What every question is about, and what the model says.
pub const MATERIAL: &str = "The pump NP 200 costs 1200 EUR. It is delivered in three days.";
/// Passages of an article.
const OF_ARTICLE: usize = 40;
/// What is stored at once while bases and dialogues are filled.
const TOGETHER: usize = 32;
/// Calls and questions to the model at once.
const CALLS: usize = 256;
const ASKED: usize = 64;

/// A moment, by the clock and by what the process has used of the processors.
#[derive(Clone, Copy)]
pub struct Moment {
    pub wall: Instant,
    pub cpu: Duration,
}

impl Moment {
    pub fn now() -> Self {
        Self { wall: Instant::now(), cpu: cpu() }
    }
}

pub struct Setting {
    app: Arc<App>,
    account: AccountId,
    client: ServiceClient,
    url: Url,
    headers: HeaderMap,
    asked: Arc<Mutex<Option<Moment>>>,
    questions: AtomicU64,
    _model: ModelServer,
}

impl Setting {
    pub async fn new(database: &str, embeddings: Option<&Path>) -> Outcome<Self> {
        let db = Db::connect(&Connect::to(database)).await?;
        let asked: Arc<Mutex<Option<Moment>>> = Arc::default();
        let seen = Arc::clone(&asked);
        let script = move |_: &_| {
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Moment::now());
            Reply::say(MATERIAL)
        };
        let model = ModelServer::start_without_memory(script).await?;
        let questions = match embeddings {
            Some(file) => Some(loaded(file).await?),
            None => None,
        };
        let embedder: Arc<dyn Embedder> = Arc::new(Half { passages: Invented, questions });
        let models = Models::new(Ok(Arc::new(chat(&model)?)), Ok(embedder));
        let calls = Turns::new(CALLS, CALLS, Duration::from_secs(60));
        let app = Arc::new(App { calls, ..parts::app_with(&db, models)? });
        let (account, key) = account(&app).await?;
        nearness::measured(&app).await;
        Ok(Self {
            url: serve(&app).await?,
            app,
            account,
            client: ServiceClient::new(Duration::from_secs(120))?,
            headers: headers(&key)?,
            asked,
            questions: AtomicU64::new(0),
            _model: model,
        })
    }

    pub fn engine(&self) -> &'static str {
        self.app.db.engine()
    }

    /// When the model was asked last.
    pub fn asked(&self) -> Outcome<Moment> {
        let last = self.asked.lock().unwrap_or_else(PoisonError::into_inner).take();
        last.ok_or_else(|| "the model was not asked".into())
    }

    /// Makes a base of about so many passages, indexed; one of its articles is the material.
    pub async fn base(&self, name: &str, passages: usize) -> Outcome<i64> {
        let (app, account) = (&self.app, self.account);
        let new = NewBase { identifiers: Identifiers::default(), name, body: "" };
        let names = bases::create(&app.db, account, new, None, SystemClock.now()).await?;
        let base = bases::named(&app.db, account, &Identifiers::by_id(names.id)).await?;
        let mut texts = Texts::new(7);
        let invented = (0..passages.div_ceil(OF_ARTICLE)).map(|number| {
            let paragraphs: Vec<String> = (0..OF_ARTICLE).map(|_| texts.paragraph()).collect();
            (format!("Article {number}"), paragraphs.join("\n\n"))
        });
        let all = std::iter::once(("Prices".to_owned(), MATERIAL.to_owned())).chain(invented);
        stream::iter(all)
            .map(|(name, body)| async move {
                let identifiers = Identifiers::default();
                let new = CreateArticle { identifiers, parent: Parent::Top, name: &name, body, source: None };
                articles::create(&app.db, account, &base, new, None, SystemClock.now()).await.map(drop)
            })
            .buffer_unordered(TOGETHER)
            .try_collect::<()>()
            .await?;
        worker::run_once(app, &worker::Settings::default()).await?;
        Ok(base.key.0)
    }

    /// Makes a dialogue of so many messages that is answered from one base.
    pub async fn dialogue(&self, base: i64, count: usize) -> Outcome<Uuid> {
        let now = SystemClock.now();
        let id = ids::uuid_at(now);
        let new = NewChannel {
            id,
            external_id: 0,
            system: "You sell pumps.".to_owned(),
            user: String::new(),
            assistant: String::new(),
            bases: Some(vec![base]),
        };
        let (db, account) = (&self.app.db, self.account);
        channels::create(db, account, &new, now).await?;
        let found = channels::find(db, account, &Identifiers::by_id(id)).await?;
        let channel = found.ok_or("no channel")?.key;
        let begun = now.minus(Duration::from_secs(24 * 3600)).milliseconds();
        stream::iter(0..count)
            .map(|number| async move {
                let text = format!("Number {number}: we talk about pumps, filters, and when they are delivered.");
                let content = Content {
                    channel,
                    id: ids::uuid_at(now),
                    external_id: None,
                    speaker: if number % 2 == 0 { Speaker::User } else { Speaker::Assistant },
                    text,
                    period: Some(Timestamp::from_milliseconds(begun + i64::try_from(number).unwrap_or_default())),
                    pieces: None,
                };
                messages::store(db, account, &content, now).await.map(drop)
            })
            .buffer_unordered(TOGETHER)
            .try_collect::<()>()
            .await?;
        Ok(id)
    }

    /// A question that was not asked before.
    pub fn question(&self) -> String {
        const WHO: [&str; 12] = [
            "farmer", "school", "hotel", "bakery", "garage", "hospital", "museum", "brewery", "dairy", "factory",
            "gardener", "library",
        ];
        const WHERE: [&str; 12] = [
            "valley", "harbour", "forest", "village", "desert", "island", "mountain", "city", "suburb", "canyon",
            "prairie", "swamp",
        ];
        const WHEN: [&str; 12] = [
            "spring", "summer", "autumn", "winter", "January", "March", "May", "July", "August", "October", "December",
            "April",
        ];
        let number = usize::try_from(self.questions.fetch_add(1, Ordering::Relaxed)).unwrap_or_default();
        let of = |words: [&'static str; 12], step: usize| words[number / step % words.len()];
        let (who, place, when) = (of(WHO, 1), of(WHERE, 12), of(WHEN, 144));
        format!("What does the pump NP 200 cost for a {who} in the {place} in {when}?")
    }

    /// Sends a message.
    pub async fn send(&self, channel: Uuid, text: &str, is_streamed: bool) -> Outcome<ServiceAnswer> {
        let body = json!({"ChannelID": channel, "Message": text, "Stream": is_streamed}).to_string();
        Ok(self.client.ask(&self.url, self.headers.clone(), Bytes::from(body)).await?)
    }

    /// Asks a new question and waits for the answer, which has to be the model's. False when the server has too much to do.
    pub async fn is_answered(&self, channel: Uuid) -> Outcome<bool> {
        let answer = self.send(channel, &self.question(), false).await?;
        let status = answer.status;
        let body = answer.body(1 << 20).await?;
        let answer: serde_json::Value = serde_json::from_slice(&body)?;
        match status {
            200 if answer["Message"] == MATERIAL => Ok(true),
            503 => Ok(false),
            _ => Err(format!("not what the model said: {answer}").into()),
        }
    }

    /// The same where nothing else asks.
    pub async fn ask(&self, channel: Uuid) -> Outcome {
        if self.is_answered(channel).await? { Ok(()) } else { Err("the server has too much to do".into()) }
    }
}

/// The embedder of this file, with as many threads as the program gives it. Its first question is not measured.
async fn loaded(file: &Path) -> Outcome<Arc<dyn Embedder>> {
    let embedder: Arc<dyn Embedder> = Arc::new(EmbeddedEmbedder::new(EmbedderSettings::new(file.to_owned())));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    embedder.embed(Kind::Query, vec!["loads the model".to_owned()], deadline).await?;
    Ok(embedder)
}

fn chat(model: &ModelServer) -> Outcome<OpenAiChat> {
    let limits = Limits { max_parallel: ASKED, ..Limits::default() };
    let settings = OpenAiSettings {
        base_url: model.url().parse()?,
        api_key: None,
        model: "scripted".to_owned(),
        limits,
        proxy: None,
    };
    Ok(OpenAiChat::new(settings, Arc::new(SystemClock))?)
}

/// An account that pays for its answers, and its key.
async fn account(app: &App) -> Outcome<(AccountId, String)> {
    let (db, now) = (&app.db, SystemClock.now());
    let open = OpenAccount {
        email: format!("assistants-{}@example.com", now.milliseconds()),
        password: None,
        currency: Currency::gbp(),
        credit: Money::from_units(100_000_000_000_000),
        is_operator: false,
    };
    let account = accounts::open(db, &open, now).await?;
    let make = MakeKey { account: open.email, project: "Default".into(), name: "Bench".into(), expires_at: None };
    let key = accounts::make_key(db, &make, now).await?;
    tariffs::set_price(db, &app.tariffs, "/v1/assistant/message", Money::from_units(1_000_000), None, None, now)
        .await?;
    Ok((account, key))
}

/// The server on loopback; the address of the method.
async fn serve(app: &Arc<App>) -> Outcome<Url> {
    let options = ServerOptions { requests_per_minute: u32::MAX, ..ServerOptions::default() };
    let server = Server::new(Arc::clone(app), options);
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let url = Url::parse(&format!("http://{}/v1/assistant/message", listener.local_addr()?))?;
    tokio::spawn(cmes_server::serve(server, listener, std::future::pending()));
    Ok(url)
}

fn headers(key: &str) -> Outcome<HeaderMap> {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {key}"))?),
    ];
    Ok(headers.into_iter().collect())
}
