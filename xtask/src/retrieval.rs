//! `cargo xtask retrieval`: how often search finds the right passage, by words
//! alone, by vectors alone, and by both as the product joins them.

use std::io;
use std::path::PathBuf;

use clap::Args;
use cmes_models::Kind;

mod sets;
mod vectors;

/// Measure search on sets of questions.
#[derive(Debug, Args)]
pub struct RetrievalArgs {
    /// Folder of the sets.
    #[arg(long, default_value = "../shared/data/retrieval")]
    sets: PathBuf,
    /// Folder of the models, as `cmes models pull` leaves it.
    #[arg(long)]
    models: Option<PathBuf>,
    #[arg(long)]
    extra: Option<PathBuf>,
}

pub async fn run(args: &RetrievalArgs) -> io::Result<()> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).map(|folder| folder.join("retrieval")).unwrap_or_default();
    let embedder = args.models.as_deref().and_then(crate::embedded::embedder);
    let mut vectors = vectors::Vectors::open(&target, embedder)?;
    if let Some(extra) = &args.extra {
        let texts: Vec<String> = serde_json::from_str(&std::fs::read_to_string(extra)?)?;
        vectors.make(Kind::Passage, &texts, |left| if left % 1024 < 64 { eprintln!("{left}") }).await?;
        return Ok(());
    }
    for name in ["xquad_en", "xquad_de", "xquad_ru", "xquad_zh", "xquad_ar", "xquad_es", "squad_en"] {
        let Some(set) = sets::read(&args.sets, name)? else { continue };
        let passages: Vec<String> = set.articles.iter().map(|article| article.text.clone()).collect();
        let questions: Vec<String> = set.questions.iter().map(|question| question.text.clone()).collect();
        eprintln!("{name}");
        vectors.make(Kind::Passage, &passages, |left| eprintln!("{left}")).await?;
        vectors.make(Kind::Query, &questions, |left| eprintln!("{left}")).await?;
    }
    Ok(())
}
