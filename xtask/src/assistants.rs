//! `cargo xtask assistants`: how long a message is on its way before the model is asked, in short and in long
//! dialogues, and how many dialogues are answered at once.
//!
//! Everything is the program's own but the model, which is a server on loopback that answers at once.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use cmes_app::assistants::messages::{self, Received, Sent};
use cmes_app::knowledge::search::Knowledge;
use cmes_app::tasks::{self, Request, Work};
use cmes_app::turns::Turns;
use cmes_app::{App, Caller};
use cmes_models::Models;
use cmes_models::openai::{Limits, OpenAiChat, OpenAiSettings};
use cmes_store::channels::{self, NewChannel};
use cmes_store::identifiers::Identifiers;
use cmes_store::messages::Content;
use cmes_store::{Connect, Db};
use cmes_testkit::models::{ModelServer, Reply};
use cmes_types::{Clock, Currency, Speaker, SystemClock, ids};
use uuid::Uuid;

use crate::queue::{self, Payer, say};

/// Measure assistants: the time before the model is asked, and many dialogues at once.
#[derive(Debug, Args)]
pub struct AssistantsArgs {
    /// An empty database; by default SQLite in a new folder.
    #[arg(long)]
    database: Option<String>,
    /// Messages of the long dialogue.
    #[arg(long, default_value_t = 10_000)]
    messages: usize,
    /// Questions of each round.
    #[arg(long, default_value_t = 200)]
    questions: usize,
    /// Dialogues that ask at once.
    #[arg(long, default_value_t = 200)]
    channels: usize,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What every question is about, and what the model says.
const MATERIAL: &str = "The pump NP 200 costs 1200 EUR.";
const QUESTION: &str = "What does the pump NP 200 cost?";

pub async fn run(args: &AssistantsArgs) -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("cmes-assistants-{}", std::process::id()));
    let url = args.database.clone().unwrap_or_else(|| format!("sqlite:{}", folder.join("assistants.db").display()));
    let outcome = measure(args, &url).await;
    // It is not there when another database was named.
    let _ = std::fs::remove_dir_all(&folder);
    outcome.map_err(io::Error::other)
}

async fn measure(args: &AssistantsArgs, url: &str) -> Outcome<()> {
    let db = Db::connect(&Connect::to(url)).await?;
    let asked: Arc<Mutex<Option<Instant>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let model = ModelServer::start(move |_| {
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Reply::say(MATERIAL)
    })
    .await?;
    let app = Arc::new(App {
        models: Models::new(Ok(Arc::new(chat(&model)?)), Err("measuring needs none".to_owned())),
        calls: Turns::new(256, 256, Duration::from_secs(60)),
        knowledge: Knowledge::new(1 << 30),
        ..queue::app(db.clone())?
    });
    let caller = caller(&db).await?;
    say(&format!("{}: {} questions a round", db.engine(), args.questions))?;
    for count in [10, args.messages] {
        let channel = dialogue(&app, &caller, count).await?;
        let mut times = Vec::new();
        for _ in 0..args.questions {
            let begun = Instant::now();
            ask(&app, &caller, channel).await?;
            let at = asked.lock().unwrap_or_else(PoisonError::into_inner).take();
            times.push(at.ok_or("the model was not asked")?.duration_since(begun));
        }
        times.sort();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3;
        say(&format!("{count} messages: before the model p50 {:.2} ms, p99 {:.2} ms", at(50), at(99)))?;
    }
    let mut dialogues = Vec::new();
    for _ in 0..args.channels {
        dialogues.push(dialogue(&app, &caller, 1).await?);
    }
    let begun = Instant::now();
    let answered = futures_util::future::try_join_all(dialogues.iter().map(|channel| ask(&app, &caller, *channel)));
    let count = answered.await?.len();
    say(&format!("{count} dialogues at once: all answered in {:.0} ms", begun.elapsed().as_secs_f64() * 1e3))
        .map_err(Into::into)
}

fn chat(model: &ModelServer) -> Outcome<OpenAiChat> {
    let limits = Limits { max_parallel: 64, ..Limits::default() };
    let settings = OpenAiSettings {
        base_url: model.url().parse()?,
        api_key: None,
        model: "scripted".to_owned(),
        limits,
        proxy: None,
    };
    Ok(OpenAiChat::new(settings, Arc::new(SystemClock))?)
}

async fn caller(db: &Db) -> Outcome<Caller> {
    let payers = queue::payers(db, 1).await?;
    let Payer { account, project, key } = *payers.first().ok_or("no account")?;
    Ok(Caller { key, account, project, currency: Currency::gbp(), masked: "***".to_owned() })
}

/// Makes a dialogue of so many messages, the first of which hands over what the answers rest on.
async fn dialogue(app: &App, caller: &Caller, count: usize) -> Outcome<Uuid> {
    let now = SystemClock.now();
    let id = ids::uuid_at(now);
    let new = NewChannel {
        id,
        external_id: 0,
        system: "You sell pumps.".to_owned(),
        user: String::new(),
        assistant: String::new(),
        bases: None,
    };
    channels::create(&app.db, caller.account, &new, now).await?;
    let sent = Sent { additionally: Some(MATERIAL.to_owned()), role: Some(Speaker::User), ..sent(id) };
    messages::receive(&app.db, caller.account, &sent, false, now).await?;
    let found = channels::find(&app.db, caller.account, &Identifiers::by_id(id)).await?;
    let channel = found.ok_or("no channel")?.key;
    for number in 1..count {
        let content = Content {
            channel,
            id: ids::uuid_at(now),
            external_id: None,
            speaker: if number % 2 == 0 { Speaker::User } else { Speaker::Assistant },
            text: format!("Number {number}: we talk about pumps, filters, and when they are delivered."),
            period: Some(now),
            pieces: None,
        };
        cmes_store::messages::store(&app.db, caller.account, &content, now).await?;
    }
    Ok(id)
}

fn sent(channel: Uuid) -> Sent {
    Sent { channel: Identifiers::by_id(channel), text: QUESTION.to_owned(), ..Sent::default() }
}

async fn ask(app: &Arc<App>, caller: &Caller, channel: Uuid) -> Outcome<()> {
    let received = messages::receive(&app.db, caller.account, &sent(channel), false, SystemClock.now()).await?;
    let Received::Asked(asked, ask) = received else { return Err("the message was only stored".into()) };
    let request =
        Request { work: Work::Message(ask), webhook: None, body: String::new(), idempotency: None, asked: Some(asked) };
    let ended = tasks::call(app, caller, &request).await?;
    ended.result.map(|_| ()).map_err(|failure| failure.detail.into())
}
