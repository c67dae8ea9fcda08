//! multilingual-e5-small against the vectors that another engine makes of the same weights.

use std::sync::Arc;
use std::time::Duration;

use cmes_models::embedded::{EmbeddedEmbedder, EmbedderSettings};
use cmes_models::{Embedder, Kind, Model, ModelErrorKind, Readiness};
use tokio::time::Instant;

use super::{model, soon};

const FILE: &str = "e5-small-q4.bin";
const DIMENSION: usize = 384;

/// The embedder over a copy of its file, because the rewritten weights are put beside it.
fn embedder() -> Option<(EmbeddedEmbedder, tempfile::TempDir)> {
    let file = model(FILE, false)?;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join(FILE);
    std::os::unix::fs::symlink(file, &copy).expect("a link to the model");
    Some((EmbeddedEmbedder::new(EmbedderSettings { threads: 1, ..EmbedderSettings::new(copy) }), folder))
}

struct Reference {
    kind: Kind,
    text: String,
    tokens: u32,
    vector: Vec<f32>,
}

/// See `data/e5-reference.py`.
fn references() -> Vec<Reference> {
    const RECORD: usize = 6 + DIMENSION;
    let records = include_bytes!("../data/e5-reference.bin").chunks_exact(RECORD);
    let texts = include_str!("../data/e5-texts.txt").lines();
    let reference = |(line, record): (&str, &[u8])| {
        let (kind, text) = line.split_once(": ").expect("kind and text");
        let scale = f32::from_le_bytes(record[2..6].try_into().expect("four bytes"));
        Reference {
            kind: if kind == "query" { Kind::Query } else { Kind::Passage },
            text: text.to_owned(),
            tokens: u16::from_le_bytes([record[0], record[1]]).into(),
            vector: record[6..].iter().map(|byte| f32::from(byte.cast_signed()) * scale).collect(),
        }
    };
    texts.zip(records).map(reference).collect()
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let dot = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

#[tokio::test]
async fn vectors_and_tokens_equal_the_reference_alone_and_in_batches() {
    let Some((embedder, _folder)) = embedder() else { return };
    let references = references();
    assert!(references.len() >= 50);
    let mut tokens = 0;
    for reference in &references {
        let alone = embedder.embed(reference.kind, vec![reference.text.clone()], soon()).await.expect("a vector");
        assert_eq!(alone.tokens, reference.tokens, "{}", reference.text);
        let likeness = cosine(&alone.vectors[0], &reference.vector);
        assert!(likeness >= 0.999, "{likeness}: {}", reference.text);
        tokens += if reference.kind == Kind::Passage { alone.tokens } else { 0 };
    }
    let passages: Vec<_> = references.iter().filter(|reference| reference.kind == Kind::Passage).collect();
    let texts = passages.iter().map(|reference| reference.text.clone()).collect();
    let together = embedder.embed(Kind::Passage, texts, soon()).await.expect("vectors");
    assert_eq!(together.tokens, tokens);
    for (vector, reference) in together.vectors.iter().zip(passages) {
        let likeness = cosine(vector, &reference.vector);
        assert!(likeness >= 0.999, "{likeness} in a batch: {}", reference.text);
        assert!(
            (cosine(vector, vector) - 1.0).abs() < 1e-5
                && (vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-4
        );
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_is_embedded_by_its_beginning() {
    let Some((embedder, _folder)) = embedder() else { return };
    let words = "pump ".repeat(400_000);
    let begun = Instant::now();
    let long = embedder.embed(Kind::Passage, vec![words, String::new()], soon()).await.expect("vectors");
    assert_eq!(long.tokens, 512 + 5, "512, and the prefix of the empty one");
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_question_does_not_wait_for_passages() {
    let Some((embedder, _folder)) = embedder() else { return };
    let embedder = Arc::new(embedder);
    let passages = vec!["The company builds pumps and valves. ".repeat(40); 200];
    let indexing = {
        let embedder = Arc::clone(&embedder);
        tokio::spawn(async move { embedder.embed(Kind::Passage, passages, soon()).await })
    };
    embedder.embed(Kind::Query, vec!["who builds pumps?".to_owned()], soon()).await.expect("a vector");
    assert!(!indexing.is_finished(), "the question came back first");
    indexing.abort();
}

#[tokio::test]
async fn an_answer_that_comes_too_late_or_finds_no_place_is_said_so() {
    let Some((embedder, folder)) = embedder() else { return };
    let past = Instant::now();
    let late = embedder.embed(Kind::Query, vec!["late".to_owned()], past).await.expect_err("too late");
    assert_eq!(late.kind(), &ModelErrorKind::Timeout);

    let settings = EmbedderSettings { threads: 1, queue: 1, ..EmbedderSettings::new(folder.path().join(FILE)) };
    let small = EmbeddedEmbedder::new(settings);
    let texts = || vec!["The company builds pumps and valves. ".repeat(10); 40];
    let (one, other) = futures_util::future::join(
        small.embed(Kind::Passage, texts(), soon()),
        small.embed(Kind::Passage, texts(), soon()),
    )
    .await;
    assert!(one.is_ok());
    assert_eq!(other.expect_err("no place").kind(), &ModelErrorKind::RateLimited { retry_after: None });
}

#[tokio::test]
async fn after_a_rest_the_model_is_loaded_anew() {
    let Some((_, folder)) = embedder() else { return };
    let settings =
        EmbedderSettings { threads: 2, idle: Duration::ZERO, ..EmbedderSettings::new(folder.path().join(FILE)) };
    let embedder = EmbeddedEmbedder::new(settings);
    for _ in 0..3 {
        let vectors = embedder.embed(Kind::Query, vec!["again".to_owned()], soon()).await.expect("a vector").vectors;
        assert_eq!(vectors[0].len(), DIMENSION);
    }
}

#[tokio::test]
async fn a_broken_rewritten_file_is_written_again() {
    let Some((embedder, folder)) = embedder() else { return };
    let rewritten = folder.path().join("e5-small-q4.gguf");
    std::fs::write(&rewritten, b"GGUF").expect("a broken file");
    assert!(embedder.check(soon()).await.expect("it works").contains("384"));
    assert!(rewritten.metadata().expect("the file").len() > 60_000_000);
}

#[tokio::test]
async fn a_file_that_is_not_there_or_not_this_model_is_said_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join(FILE);
    let embedder = EmbeddedEmbedder::new(EmbedderSettings::new(file.clone()));
    let ask = || embedder.embed(Kind::Query, vec!["anything".to_owned()], soon());
    assert_eq!(ask().await.expect_err("no file").kind(), &ModelErrorKind::NoSuchModel);
    assert!(matches!(embedder.readiness(), Readiness::NotReady(reason) if reason.contains("cmes models pull")));
    std::fs::write(&file, b"E5S1 and nothing more").expect("a file");
    assert_eq!(ask().await.expect_err("no model").kind(), &ModelErrorKind::Unavailable);
    assert_eq!(embedder.readiness(), Readiness::Ready);
}
