//! `cargo xtask leads`: how good lists of leads are, on the world of the testkit.

pub mod bench;
mod engine;
mod score;
mod task;
pub mod world;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use cmes_app::leads::Lead;
use cmes_leads::query::Query;
use cmes_testkit::world::search::Ranking;
use cmes_testkit::world::{Part, World, WorldQuery};

use crate::quality;
use crate::queue::say;
use engine::Engine;
use score::{Scored, score, table};

/// Score lists of leads on the world of the testkit (precision and recall of the first ten).
#[derive(Debug, Args)]
pub struct LeadsArgs {
    /// Only questions whose text holds this.
    #[arg(long, default_value = "")]
    only: String,
    /// The questions of the first part of the world, or those of a later one, each of which is held back as a whole.
    #[arg(long, value_enum, default_value_t = Questions::First)]
    part: Questions,
    /// Only every second question, from the first (0) or the second (1): one half to develop on, one to be held back.
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..2))]
    half: Option<u8>,
    /// Tell what is searched for, and how each candidate is judged.
    #[arg(long)]
    trace: bool,
    /// Show what was wrong and what was missed, question by question.
    #[arg(long)]
    differences: bool,
    /// Where candidates come from; both when none is named.
    #[arg(long)]
    from: Option<From>,
    /// Only what the search engine alone answers, without looking for leads.
    #[arg(long, conflicts_with_all = ["from", "write"])]
    alone: bool,
    /// The file of the model for meanings (e5-small-q4.bin), for words that no vocabulary has and for the directory.
    #[arg(long, value_name = "FILE")]
    embeddings: Option<PathBuf>,
    /// Leave trades out of the vocabulary, whose ids stand in this file: how what no list has is found.
    #[arg(long, value_name = "FILE", conflicts_with = "write")]
    without_trades: Option<PathBuf>,
    /// Print the ids of the trades that the questions name instead of asking them, for `--without-trades`.
    #[arg(long)]
    ids: bool,
    /// Write the tables into docs/quality.md, which shows those of the first part.
    #[arg(long, conflicts_with = "part")]
    write: bool,
}

/// How it is measured, and what the figures mean.
const HEAD: &str = include_str!("leads/head.md");

/// Which questions are asked. All are asked about the whole world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Questions {
    /// The first, of which two halves are made.
    First,
    /// Those that came later.
    New,
    /// Those that came last.
    Third,
}

impl Questions {
    fn part(self) -> Part {
        match self {
            Self::First => Part::First,
            Self::New => Part::New,
            Self::Third => Part::Third,
        }
    }
}

/// Where candidates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum From {
    /// The scripted search engine.
    Searxng,
    /// The imported list of companies.
    Directory,
}

/// Asks every question and prints the tables.
///
/// # Errors
///
/// When the output cannot be written.
pub async fn run(args: &LeadsArgs) -> io::Result<()> {
    if args.trace {
        let filter = tracing_subscriber::EnvFilter::new("cmes_app::leads=debug");
        tracing_subscriber::fmt().with_env_filter(filter).without_time().with_writer(io::stderr).init();
    }
    if let Some(file) = &args.without_trades {
        let ids = std::fs::read_to_string(file)?.split_whitespace().map(str::to_owned).collect();
        cmes_leads::without::leave_out(ids);
    }
    if args.ids {
        return say(&ids(args.part.part()));
    }
    let world = World::new();
    let ranking = Ranking::new(&world);
    let scored = measure(&world, args, |_| true, async |query| Ok(search_alone(&ranking, query))).await?;
    let baseline = table("What the search engine alone answers: the sites of its first results", &scored);
    if args.alone {
        return say(&baseline);
    }
    let mut text = HEAD.to_owned() + &baseline;
    for from in [From::Searxng, From::Directory].into_iter().filter(|from| args.from.is_none_or(|only| only == *from)) {
        let engine =
            Engine::new(&world, from, args.embeddings.as_ref(), Duration::ZERO).await.map_err(io::Error::other)?;
        let ask = async |query: &WorldQuery| {
            let leads = engine.leads(&query.text, 10).await.map_err(io::Error::other)?;
            if args.differences {
                leads.iter().try_for_each(|lead| say(&shown(lead)))?;
            }
            Ok(leads.into_iter().map(|lead| lead.domain).collect())
        };
        let title = match from {
            From::Searxng => "Leads, with the scripted search engine (`searxng`)",
            From::Directory => {
                "Leads, with the imported list of companies (`directory`); to find are those of the list"
            }
        };
        text += "\n";
        let list = if from == From::Directory { world.directory_csv() } else { String::new() };
        let is_known = |host: &str| from == From::Searxng || list.contains(host);
        text += &table(title, &measure(&world, args, is_known, ask).await?);
    }
    say(&text)?;
    if args.write { quality::write_leads(&text) } else { Ok(()) }
}

/// The trades that questions name.
fn ids(part: Part) -> String {
    let mut ids = BTreeSet::new();
    for question in World::queries_of(part) {
        let query = Query::read(&question.text);
        query.activities.iter().for_each(|activity| ids.extend(activity.ids(query.language)));
    }
    ids.into_iter().collect::<Vec<_>>().join("\n")
}

/// The baseline: the sites of the first results, as a list of leads.
fn search_alone(ranking: &Ranking, query: &WorldQuery) -> Vec<String> {
    let mut hosts: Vec<String> = Vec::new();
    for url in ranking.urls(&query.text, &query.language) {
        let host = url.split('/').nth(2).unwrap_or_default().to_owned();
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts.truncate(score::FIRST);
    hosts
}

/// What `ask` answers to every question, scored. It gives hosts of leads, best first.
async fn measure(
    world: &World,
    args: &LeadsArgs,
    is_known: impl Fn(&str) -> bool,
    mut ask: impl AsyncFnMut(&WorldQuery) -> io::Result<Vec<String>>,
) -> io::Result<Vec<Scored>> {
    let mut all = Vec::new();
    for (place, query) in World::queries_of(args.part.part()).into_iter().enumerate() {
        let is_of_half = args.half.is_none_or(|half| place % 2 == usize::from(half));
        if !is_of_half || !query.text.contains(&args.only) {
            continue;
        }
        let hosts = ask(&query).await?;
        let scored = score(world, &query, &hosts, &is_known);
        if args.differences {
            differences(&scored).iter().try_for_each(|line| say(line))?;
        }
        all.push(scored);
    }
    Ok(all)
}

/// How a lead stands to its query.
fn shown(lead: &Lead) -> String {
    let conditions = lead.data.conditions.iter().flatten();
    let conditions: Vec<String> =
        conditions.map(|it| format!("{:?} {}: {}", it.standing, it.condition, it.sentence)).collect();
    format!("  {} {:.2}: {}", lead.domain, lead.fit, conditions.join(" | "))
}

fn differences(scored: &Scored) -> Vec<String> {
    let lists = [("wrong", &scored.wrong), ("missed", &scored.missed)];
    let shown = lists.iter().filter(|(_, hosts)| !hosts.is_empty());
    shown.map(|(what, hosts)| format!("{}: {what}: {}", scored.query.text, hosts.join(" "))).collect()
}
