//! `cargo xtask answers`: how right the answers of assistants are.
//!
//! A sample base is indexed as by the worker's jobs, each question searched as a message's is, and answered by what
//! answers messages: without a model by quoting, with `--chat` by the embedded one. Every figure of an answer that
//! stands in no article counts as invented.

#![expect(clippy::print_stdout, reason = "printing is what the command is for")]

mod recorded;

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use cmes_app::assistants::answer::{self, Answer, Grounds, Material, Passage, Turn};
use cmes_app::knowledge::articles::{self, CreateArticle};
use cmes_app::knowledge::bases;
use cmes_app::knowledge::nearness;
use cmes_app::knowledge::search::{Search, search};
use cmes_app::{App, worker};
use cmes_models::ChatModel;
use cmes_store::articles::Parent;
use cmes_store::identifiers::Identifiers;
use cmes_store::knowledge_bases::NewBase;
use cmes_store::{Connect, Db};
use cmes_testkit::assistant::{Article, Question, articles as sample, held_out_questions, questions};
use cmes_types::{AccountId, Clock, Speaker, SystemClock};

use crate::knowledge::{Outcome, parts};

/// Measure answers: right ones, refusals, sources, invented figures.
#[derive(Debug, Args)]
pub struct AnswersArgs {
    /// Folder of the embedded models; without it words alone are searched.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Ask the embedded chat model too.
    #[arg(long)]
    chat: bool,
    /// Folder in which the chat model's answers are kept, so that nothing is asked twice.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Show every answer to the questions that were developed on, not only the wrong ones. Those that are held out are
    /// never shown: whoever looks at them mends what only they need.
    #[arg(long)]
    show: bool,
    /// Ask only each so-manieth question: the embedded chat model takes its time.
    #[arg(long, default_value_t = 1)]
    every: usize,
}

pub async fn run(args: &AnswersArgs) -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("cmes-answers-{}", std::process::id()));
    let url = format!("sqlite:{}", folder.join("answers.db").display());
    let outcome = measure(args, &url).await;
    std::fs::remove_dir_all(&folder)?;
    outcome.map_err(io::Error::other)
}

async fn measure(args: &AnswersArgs, url: &str) -> Outcome {
    let db = Db::connect(&Connect::to(url)).await?;
    let account = parts::account(&db).await?;
    let embedder = args.models.as_deref().and_then(crate::embedded::embedder);
    println!("Searched by {}.", if embedder.is_some() { "words and meaning" } else { "words alone" });
    let app = parts::app(&db, embedder)?;
    let codes = fill(&app, account, &sample()?).await?;
    let all: String = sample()?.into_iter().map(|article| format!("{} {} ", article.name, article.body)).collect();
    let mut chat = args.models.as_deref().filter(|_| args.chat).and_then(crate::embedded::chat);
    if let (Some(model), Some(folder)) = (chat.clone(), &args.keep) {
        chat = Some(Arc::new(recorded::Recorded::new(model, folder.clone())?));
    }
    nearness::measured(&app).await;
    for (half, questions, is_shown) in
        [("developed on", questions()?, true), ("held out", held_out_questions()?, false)]
    {
        let asked: Vec<Question> = questions.into_iter().step_by(args.every.max(1)).collect();
        println!("\n{} questions, {half}:\n", asked.len());
        let begun = Instant::now();
        let mut scores: BTreeMap<String, Score> = BTreeMap::new();
        for question in &asked {
            let answer = ask(&app, account, chat.as_deref(), question).await?;
            let judged = judge(question, &answer, &codes, &all);
            if is_shown && (args.show || !judged.is_right()) {
                show(question, &answer, &judged, &codes);
            }
            for key in [question.language.as_str(), "all"] {
                scores.entry(key.to_owned()).or_default().add(question, &judged);
            }
        }
        println!("\n{HEAD}");
        for (language, score) in &scores {
            println!("{}", score.row(language));
        }
        println!("\n{:.2} s each", begun.elapsed().as_secs_f64() / f64::from(u32::try_from(asked.len())?));
    }
    Ok(())
}

/// The head of the table.
const HEAD: &str =
    "| language | answerable | right answers | right source first | not in the material | refused | invented figures |
|---|---|---|---|---|---|---|";

fn show(question: &Question, answer: &Answer, judged: &Judged, codes: &BTreeMap<String, i64>) {
    let mark = if judged.is_right() { "right" } else { "WRONG" };
    let source = answer.articles.first().and_then(|code| codes.iter().find(|(_, known)| *known == code));
    let from = source.map_or("-", |(id, _)| id.as_str());
    let Question { language, question, .. } = question;
    println!("{mark} [{language}] {question} → {:?} from {from}: {}", answer.grounds, answer.text);
}

/// Codes of the articles by their names in the sample.
async fn fill(app: &Arc<App>, account: AccountId, sample: &[Article]) -> Outcome<BTreeMap<String, i64>> {
    let now = SystemClock.now();
    let new = NewBase { identifiers: Identifiers::default(), name: "Nordpump", body: "" };
    let names = bases::create(&app.db, account, new, None, now).await?;
    let base = bases::named(&app.db, account, &Identifiers { id: Some(names.id), ..Identifiers::default() }).await?;
    let mut codes = BTreeMap::new();
    for article in sample {
        let (identifiers, body) = (Identifiers::default(), article.body.clone());
        let new = CreateArticle { identifiers, parent: Parent::Top, name: &article.name, body, source: None };
        let made = articles::create(&app.db, account, &base, new, None, now).await?;
        codes.insert(article.id.clone(), made.names.code);
    }
    worker::run_once(app, &worker::Settings::default()).await?;
    Ok(codes)
}

async fn ask(app: &Arc<App>, account: AccountId, chat: Option<&dyn ChatModel>, question: &Question) -> Outcome<Answer> {
    let turns: Vec<Turn> = question
        .said
        .iter()
        .enumerate()
        .map(|(at, text)| Turn {
            speaker: if at % 2 == 0 { Speaker::User } else { Speaker::Assistant },
            text: text.clone(),
        })
        .collect();
    let query = answer::search_query(&question.question, &turns, "");
    let material = Material {
        system: "You are the assistant of Nordpump. Be friendly and brief.".to_owned(),
        turns,
        question: question.question.clone(),
        passages: find(app, account, &query, 10).await?,
        ..Material::default()
    };
    let deadline = tokio::time::Instant::now() + Duration::from_secs(300);
    let mut answer = answer::answer(chat, &material, deadline, &mut |_| {}).await?;
    if answer.grounds == Grounds::Refused {
        let passages = find(app, account, answer::CONTACT_QUERY, 3).await?;
        answer::offer_contact(&mut answer, &material, &passages, &mut |_| {});
    }
    Ok(answer)
}

async fn find(app: &Arc<App>, account: AccountId, query: &str, limit: usize) -> Outcome<Vec<Passage>> {
    let found = search(app, account, &Search { query, within: None, limit }).await?;
    let scale = nearness::scale(app).await;
    Ok(found.passages.into_iter().map(|found| Passage::of(found, scale)).collect())
}

struct Judged {
    is_answered: bool,
    has_facts: bool,
    has_source: bool,
    invented: usize,
    wanted: bool,
}

impl Judged {
    fn is_right(&self) -> bool {
        let is_right = if self.wanted { self.has_facts && self.has_source } else { !self.is_answered };
        is_right && self.invented == 0
    }
}

fn judge(question: &Question, answer: &Answer, codes: &BTreeMap<String, i64>, all: &str) -> Judged {
    let is_answered = answer.grounds != Grounds::Refused;
    let text = answer.text.replace(['\u{a0}', '\u{202f}'], " ");
    // In most languages 6.5 is written 6,5.
    let has = |fact: &String| fact.split('|').any(|one| text.contains(one) || text.contains(&one.replace('.', ",")));
    let source = question.source.as_ref().and_then(|id| codes.get(id));
    let known = numbers(all);
    Judged {
        is_answered,
        has_facts: is_answered && question.facts.iter().all(has),
        has_source: is_answered && source.is_some() && answer.articles.first() == source,
        invented: numbers(&text).difference(&known).count(),
        wanted: question.source.is_some(),
    }
}

/// The digits of each figure; `2 890` is one.
fn numbers(text: &str) -> HashSet<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let is_gap = |at: usize| {
        chars.get(at) == Some(&' ')
            && at.checked_sub(1).is_some_and(is_digit)
            && (at + 1..at + 4).all(is_digit)
            && !is_digit(at + 4)
    };
    let joined: String = (0..chars.len()).filter(|at| !is_gap(*at)).filter_map(|at| chars.get(at)).collect();
    let groups = joined.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | ':'));
    let plain = groups.map(|group| group.chars().filter(char::is_ascii_digit).collect::<String>());
    plain.filter(|digits| !digits.is_empty()).collect()
}

#[derive(Default)]
struct Score {
    wanted: usize,
    right: usize,
    sourced: usize,
    absent: usize,
    refused: usize,
    invented: usize,
}

impl Score {
    fn add(&mut self, question: &Question, judged: &Judged) {
        self.invented += judged.invented;
        if question.source.is_some() {
            self.wanted += 1;
            self.right += usize::from(judged.has_facts);
            self.sourced += usize::from(judged.has_source);
        } else {
            self.absent += 1;
            self.refused += usize::from(!judged.is_answered);
        }
    }

    fn row(&self, language: &str) -> String {
        let Self { wanted, right, sourced, absent, refused, invented } = self;
        format!("| {language} | {wanted} | {right} | {sourced} | {absent} | {refused} | {invented} |")
    }
}
