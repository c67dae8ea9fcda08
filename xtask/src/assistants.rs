//! `cargo xtask assistants`: how long a message is on its way before the model is asked, how soon what the model says is
//! with the client, and how many dialogues are answered at once.
//!
//! Everything is the program's own: the server with every layer on loopback, an HTTP client, real databases, bases that
//! are indexed by the worker's jobs. Only the model is a script that answers at once, and the vectors of passages are
//! made by a function, for a model would take an hour; questions are embedded by the real model when it is named.

#![expect(clippy::print_stdout, reason = "printing is what the command is for")]

mod embedder;
mod rounds;
mod setting;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use crate::knowledge::Outcome;
use setting::Setting;

/// Measure assistants: the time before the model is asked, the way of its first token, many dialogues at once.
#[derive(Debug, Args)]
pub struct AssistantsArgs {
    /// Empty databases, beside SQLite in a new folder; by default the PostgreSQL that `TEST_POSTGRES_URL` names
    /// (`scripts/with-postgres.sh` sets it), if it does.
    #[arg(long)]
    database: Vec<String>,
    /// The file of multilingual-e5-small, to embed questions.
    #[arg(long)]
    embeddings: Option<PathBuf>,
    /// Messages of the long dialogue.
    #[arg(long, default_value_t = 10_000)]
    messages: usize,
    /// Passages of the large base; the small one has 200.
    #[arg(long, default_value_t = 100_000)]
    passages: usize,
    /// Questions of each round.
    #[arg(long, default_value_t = 200)]
    questions: usize,
    /// Dialogues that ask at once.
    #[arg(long, default_value_t = 200)]
    channels: usize,
    /// Messages of each of them.
    #[arg(long, default_value_t = 5)]
    each: usize,
}

/// Passages of the small base.
const SMALL: usize = 200;
/// Messages of the short dialogues.
const SHORT: usize = 10;

pub async fn run(args: &AssistantsArgs) -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("cmes-assistants-{}", std::process::id()));
    let outcome = measure_all(args, &folder).await;
    let _ = std::fs::remove_dir_all(&folder);
    outcome.map_err(io::Error::other)
}

async fn measure_all(args: &AssistantsArgs, folder: &Path) -> Outcome {
    let mut databases = vec![format!("sqlite:{}", folder.join("assistants.db").display())];
    databases.extend(args.database.iter().cloned());
    if args.database.is_empty() {
        databases.extend(std::env::var("TEST_POSTGRES_URL"));
    }
    let embedding = if args.embeddings.is_some() { "by the real model" } else { "absent: no --embeddings" };
    println!(
        "The embedding of questions is {embedding}. Times are wall, CPU is that of server, client and script together."
    );
    for database in databases {
        measure(args, &database).await?;
    }
    Ok(())
}

async fn measure(args: &AssistantsArgs, database: &str) -> Outcome {
    let begun = Instant::now();
    let setting = Setting::new(database, args.embeddings.as_deref()).await?;
    let bases = [("small", SMALL), ("large", args.passages)];
    let mut filled = Vec::new();
    for (name, passages) in bases {
        filled.push((format!("{passages} passages"), setting.base(name, passages).await?));
    }
    let filled_in = begun.elapsed();
    println!("\n## {}: before the model is asked\n", setting.engine());
    println!("| base | messages | p50 ms | p99 ms | CPU ms p50 | CPU ms p99 |\n|---|---|---|---|---|---|");
    for (name, base) in &filled {
        for messages in [SHORT, args.messages] {
            let times = rounds::before(&setting, *base, messages, SHORT, args.questions).await?;
            println!("| {name} | {messages} | {times} |");
        }
    }
    println!("\n## {}: from the model's first token to the client's first byte\n", setting.engine());
    println!("| base | p50 ms | p99 ms |\n|---|---|---|");
    for (name, base) in &filled {
        println!("| {name} | {} |", rounds::first_byte(&setting, *base, args.questions).await?);
    }
    println!("\n## {}: {} dialogues at once, {} messages each\n", setting.engine(), args.channels, args.each);
    println!(
        "| base | messages/s | p50 ms | p99 ms | CPU ms a message | memory before MB | memory at most MB | refused |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, base) in &filled {
        println!("| {name} | {} |", rounds::at_once(&setting, *base, args.channels, args.each).await?);
    }
    let took = begun.elapsed().as_secs();
    println!("\n{took} s, {} of them for storing and indexing the bases.", filled_in.as_secs());
    Ok(())
}
