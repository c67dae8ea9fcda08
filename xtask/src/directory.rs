//! `cargo xtask directory`: how fast the directory of companies is filled and searched.
//!
//! A list of invented companies is imported as `cmes directory import` does it, searched by words, given vectors by a
//! function (a model would take an hour), and searched by both.

#![expect(clippy::print_stdout, reason = "printing is what the command is for")]

use std::fmt::Write;
use std::io::{self, Cursor};
use std::sync::Arc;

use clap::Args;
use cmes_app::App;
use cmes_models::Embedder;
use cmes_store::{Connect, Db};
use cmes_types::CompanySearch;

use crate::knowledge::Outcome;
use crate::knowledge::parts::{self, Invented, Part, Texts, Watch};

/// Measure the directory: import, the first search after a start, searches.
#[derive(Debug, Args)]
pub struct DirectoryArgs {
    /// Addresses of empty databases, one for each number of companies; by default SQLite in a new folder.
    #[arg(long)]
    database: Vec<String>,
    /// Numbers of companies.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000])]
    companies: Vec<usize>,
    /// Searches of each kind.
    #[arg(long, default_value_t = 300)]
    searches: usize,
}

pub async fn run(args: &DirectoryArgs) -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("cmes-directory-{}", std::process::id()));
    let mut outcome = Ok(());
    for (place, count) in args.companies.iter().enumerate() {
        let own = format!("sqlite:{}", folder.join(format!("directory-{count}.db")).display());
        let url = args.database.get(place).cloned().unwrap_or(own);
        outcome = measure(&url, *count, args.searches).await;
        if outcome.is_err() {
            break;
        }
    }
    // It is not there when other databases were named.
    let _ = std::fs::remove_dir_all(&folder);
    outcome.map_err(io::Error::other)
}

/// Trades that the catalogue knows, as companies name them.
const TRADES: [&str; 8] = [
    "Foundry for castings",
    "Manufacturer of seals and gaskets",
    "Machine tools",
    "Hersteller von Schrauben und Muttern",
    "Bakery",
    "Fabricant de machines à bois",
    "Logistics and warehousing",
    "Law firm",
];
const COUNTRIES: [&str; 10] = ["DE", "US", "FR", "GB", "IT", "ES", "PL", "NL", "AT", ""];

fn list(count: usize) -> Outcome<String> {
    let mut texts = Texts::new(5);
    let mut list = "name,website,country,city,description\n".to_owned();
    for number in 0..count {
        let (country, trade) = (COUNTRIES[number % COUNTRIES.len()], TRADES[number % TRADES.len()]);
        let (name, city, about) = (texts.words(2), texts.words(1), texts.words(25));
        writeln!(
            list,
            "{name} {number} Ltd,https://www.company{number}.example/,{country},{city},\"{trade}. {about}\""
        )?;
    }
    Ok(list)
}

async fn measure(url: &str, count: usize, searches: usize) -> Outcome {
    let db = Db::connect(&Connect::to(url)).await?;
    println!("{}: {count} companies", db.engine());
    let words = parts::app(&db, None)?;
    let invented: Arc<dyn Embedder> = Arc::new(Invented);
    let meanings = parts::app(&db, Some(invented))?;
    let list = list(count)?;
    for what in ["imported", "imported again"] {
        let watch = Watch::start();
        let report = words.directory.import(Cursor::new(list.clone()), |_| {}).await?;
        println!("{what}: {}; {} added, {} unchanged", watch.rate(count), report.added, report.unchanged);
    }
    first(&words, "words alone").await?;
    all(&words, "words alone", searches).await?;
    let watch = Watch::start();
    meanings.directory.embed(meanings.queue.worker(), true, true, |_| {}).await?;
    println!("vectors made by a function and stored: {}", watch.rate(count));
    first(&meanings, "words and vectors").await?;
    all(&meanings, "words and vectors", searches).await
}

async fn first(app: &App, what: &str) -> Outcome {
    let watch = Watch::start();
    app.directory.find(&search("foundry", None)).await?;
    let (bytes, count) = app.directory.memory();
    println!("{what}: first search of a process: {}; {count} companies, {:.1} MB", watch.each(1), bytes as f64 / 1e6);
    Ok(())
}

fn search(activity: &str, country: Option<&str>) -> CompanySearch {
    let country = country.map(str::to_owned);
    CompanySearch { activity: activity.to_owned(), country, most: 50, ..CompanySearch::default() }
}

async fn all(app: &App, what: &str, count: usize) -> Outcome {
    for country in [None, Some("DE")] {
        let mut texts = Texts::new(23);
        let asked: Vec<CompanySearch> = (0..count)
            .map(|number| search(&format!("{} {}", TRADES[number % TRADES.len()], texts.words(1)), country))
            .collect();
        // The vectors of the questions are remembered from here on.
        for search in &asked {
            app.directory.find(search).await?;
        }
        let (mut part, mut hits) = (Part::new(), 0);
        for search in &asked {
            hits += part.of(app.directory.find(search)).await?.hits.len();
        }
        let place = country.unwrap_or("all countries");
        println!("{what}: search in {place}: {part}; {} hits each", hits / count.max(1));
    }
    Ok(())
}
