//! One question for many leads as a task, as a client of the API has it: held, found, kept and paid one by one, ended.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use cmes_app::directory::{self, Directory};
use cmes_app::enrichment::Enrich;
use cmes_app::leads::{FindLeads, KeptAnswers};
use cmes_app::tariffs::{Tariff, TariffBook, Tariffs};
use cmes_app::tasks::{self, Request, State, Work};
use cmes_app::{App, Caller, worker};
use cmes_store::{Connect, Db};
use cmes_types::{Currency, SystemClock, TaskId};

use super::engine::{Engine, Folder};
use super::world::Around;
use crate::queue::{self, Payer};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What the world with many companies of one trade is asked.
pub const QUERY: &str = "Pipe manufacturers, USA";

/// A server's process with a database of its own, and a directory that holds the world's list.
pub struct Server {
    app: Arc<App>,
    caller: Caller,
    _folder: Folder,
}

impl Server {
    /// In a world that another process serves.
    pub async fn within(world: &Around, round: usize) -> Outcome<Self> {
        let folder = Folder(std::env::temp_dir().join(format!("cmes-leads-task-{}-{round}", std::process::id())));
        std::fs::create_dir_all(&folder.0)?;
        let db = Db::connect(&Connect::to(format!("sqlite:{}", folder.0.join("task.db").display()))).await?;
        let app = queue::app(db.clone())?;
        let settings = directory::Settings::default();
        let directory = Directory::new(db.clone(), app.models.clone(), Arc::clone(&app.clock), settings);
        directory.import(io::Cursor::new(world.directory.clone().into_bytes()), |_| ()).await?;
        let (finder, enricher) = Engine::asking(world, Some(directory.clone()))?.parts();
        let kept = Arc::new(KeptAnswers::new(db.clone(), Arc::new(SystemClock)));
        let price = Tariff {
            method: "/v1/leadgeneration".to_owned(),
            description: String::new(),
            rules: String::new(),
            price: "0.1".parse()?,
        };
        let tariffs = Tariffs { base: Currency::gbp(), prices: vec![price], rates: BTreeMap::new() };
        let payers = queue::payers(&db, 1).await?;
        let Payer { account, project, key } = *payers.first().ok_or("no account")?;
        let caller = Caller { key, account, project, currency: Currency::gbp(), masked: "***".to_owned() };
        let (finder, tariffs) = (finder.remembering(kept), TariffBook::new(tariffs));
        Ok(Self { app: Arc::new(App { finder, enricher, directory, tariffs, ..app }), caller, _folder: folder })
    }

    /// Finds leads in a task; how many.
    pub async fn leads(&self, most: u32) -> Outcome<usize> {
        let enrich = Enrich { content: QUERY.to_owned(), ..Enrich::default() };
        let work = Work::Leads(FindLeads { max_count: most, enrich });
        let request = Request { work, webhook: None, body: String::new(), idempotency: None, asked: None };
        let id: TaskId = tasks::submit(&self.app, &self.caller, &request).await?;
        worker::run_once(&self.app, &worker::Settings::default()).await?;
        match tasks::state(&self.app, self.caller.account, id).await? {
            State::Ended(ended) => {
                let body = ended.result.map_err(|failure| failure.detail)?;
                Ok(serde_json::from_str::<Vec<serde_json::Value>>(&body)?.len())
            }
            State::Running { .. } => Err("the task has not ended".into()),
        }
    }
}
