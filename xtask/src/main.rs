//! What the project does with itself by program: `cargo xtask <command>`.

mod answers;
mod assistants;
mod directory;
mod echo;
mod embedded;
mod generate;
mod knowledge;
mod leads;
mod models_bench;
mod quality;
mod queue;
mod retrieval;
mod score;
mod sites;
mod texts;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Tasks of the cmes project")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Answers(answers::AnswersArgs),
    Assistants(assistants::AssistantsArgs),
    Directory(directory::DirectoryArgs),
    /// Write the files that are made from the code (docs/openapi.json, docs/problems.md).
    Generate,
    Knowledge(knowledge::KnowledgeArgs),
    Leads(leads::LeadsArgs),
    LeadsBench(leads::bench::LeadsBenchArgs),
    ModelsBench(models_bench::ModelsBenchArgs),
    Queue(queue::QueueArgs),
    Retrieval(retrieval::RetrievalArgs),
    Score(score::ScoreArgs),
    Sites(sites::SitesArgs),
    Texts(texts::TextsArgs),
    World(leads::world::WorldArgs),
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    match Cli::parse().command {
        Command::Answers(args) => answers::run(&args).await,
        Command::Assistants(args) => assistants::run(&args).await,
        Command::Directory(args) => directory::run(&args).await,
        Command::Generate => generate::run(),
        Command::Knowledge(args) => knowledge::run(&args).await,
        Command::Leads(args) => leads::run(&args).await,
        Command::LeadsBench(args) => leads::bench::run(&args).await,
        Command::ModelsBench(args) => models_bench::run(&args).await,
        Command::Queue(args) => queue::run(&args).await,
        Command::Retrieval(args) => retrieval::run(&args).await,
        Command::Score(args) => score::run(&args).await,
        Command::Sites(args) => sites::run(&args).await,
        Command::Texts(args) => texts::run(&args).await,
        Command::World(args) => leads::world::serve(&args).await,
    }
}
