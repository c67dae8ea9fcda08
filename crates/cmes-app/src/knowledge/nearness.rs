//! What a cosine means: every model of vectors has a range of its own, in which texts that have nothing to do with
//! each other may stand at 0.76. So the model itself is asked, once, how near it finds questions and their answers, and
//! how near questions and other texts. That is kept in the database: whoever asks something never waits for it, and only
//! the first message of all may find that it is still being measured, and goes by words.

use std::sync::Arc;
use std::time::Duration;

use cmes_models::{Embedder, Kind, ModelError, ModelErrorKind};
use cmes_retrieve::common;
use cmes_store::nearness::{self, Means};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;

use crate::App;
use crate::questions::Questions;

/// Questions and texts, one pair a line. None is about what the sample bases are about.
const PAIRS: &str = include_str!("nearness.tsv");
/// Longest time for measuring.
const TIME: Duration = Duration::from_secs(60);
/// Pairs have to be nearer than others by so many deviations; else the model's vectors tell nothing.
const DEVIATIONS: f64 = 2.0;

/// The scale of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    unrelated: f64,
    related: f64,
}

impl Scale {
    /// How near a question and a text are by their cosine: 0 = like texts that have nothing to do with each other, 1 = like
    /// questions and their answers. Below 0 and above 1 there is something, too.
    #[must_use]
    pub fn nearness(&self, cosine: f64) -> f64 {
        (cosine - self.unrelated) / (self.related - self.unrelated)
    }

    /// From the cosines of each question (rows) with each text; those of pairs stand in the diagonal.
    fn of(cosines: &[Vec<f64>]) -> Option<Self> {
        let all =
            || cosines.iter().enumerate().flat_map(|(row, line)| line.iter().enumerate().map(move |at| (row, at)));
        let related: Vec<f64> = all().filter(|(row, (at, _))| row == at).map(|(_, (_, cosine))| *cosine).collect();
        let others: Vec<f64> = all().filter(|(row, (at, _))| row != at).map(|(_, (_, cosine))| *cosine).collect();
        let (related, unrelated) = (mean(&related)?, mean(&others)?);
        let squares: Vec<f64> = others.iter().map(|cosine| (cosine - unrelated).powi(2)).collect();
        let deviation = mean(&squares)?.sqrt();
        (related - unrelated > DEVIATIONS * deviation).then_some(Self { unrelated, related })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The scale of a process's embedder.
#[derive(Debug, Default)]
pub struct Scales {
    known: OnceCell<Option<Scale>>,
    /// Held by who measures.
    measured: Mutex<()>,
}

/// The scale of the embedder. None when there is no embedder, or its vectors tell nothing; also when nobody has measured
/// it yet: that begins now, and nobody waits for it.
pub async fn scale(app: &App) -> Option<Scale> {
    let embedder = app.models.embedder()?;
    if let Some(scale) = kept(app, embedder.as_ref()).await {
        return scale;
    }
    let (scales, questions) = (Arc::clone(&app.knowledge.scales), Arc::clone(&app.knowledge.questions));
    let db = app.db.clone();
    tokio::spawn(async move {
        // Whoever measures does it for all.
        if let Ok(_measuring) = scales.measured.try_lock() {
            measure(&db, &scales, embedder.as_ref(), &questions).await;
        }
    });
    None
}

/// The same, measured now when nobody has done so: for who has the time.
pub async fn measured(app: &App) -> Option<Scale> {
    let embedder = app.models.embedder()?;
    let scales = &app.knowledge.scales;
    let _measuring = scales.measured.lock().await;
    match kept(app, embedder.as_ref()).await {
        Some(scale) => scale,
        None => measure(&app.db, scales, embedder.as_ref(), &app.knowledge.questions).await,
    }
}

/// What this process knows, or the database.
async fn kept(app: &App, embedder: &dyn Embedder) -> Option<Option<Scale>> {
    let known = &app.knowledge.scales.known;
    if let Some(scale) = known.get() {
        return Some(*scale);
    }
    match nearness::of(&app.db, embedder.identity(), &texts()).await {
        Ok(means) => {
            let Means { unrelated, related } = means?;
            let scale = unrelated.zip(related).map(|(unrelated, related)| Scale { unrelated, related });
            Some(*known.get_or_init(|| async { scale }).await)
        }
        Err(error) => {
            tracing::warn!(error = cmes_types::error_chain(&error), "it cannot be read how near texts are");
            None
        }
    }
}

async fn measure(db: &cmes_store::Db, scales: &Scales, embedder: &dyn Embedder, asked: &Questions) -> Option<Scale> {
    if let Some(scale) = scales.known.get() {
        return *scale;
    }
    let scale = match make(embedder, asked).await {
        Ok(scale) => scale,
        Err(error) => {
            tracing::warn!(error = cmes_types::error_chain(&error), "nobody can tell how near texts are");
            return None;
        }
    };
    let (unrelated, related) = (scale.map(|scale| scale.unrelated), scale.map(|scale| scale.related));
    if let Err(error) = nearness::keep(db, embedder.identity(), &texts(), Means { unrelated, related }).await {
        tracing::warn!(error = cmes_types::error_chain(&error), "it is not kept how near texts are");
    }
    *scales.known.get_or_init(|| async { scale }).await
}

/// SHA-256 of all that is measured with: the pairs, and what is taken away from questions.
fn texts() -> [u8; 32] {
    Sha256::new().chain_update(PAIRS).chain_update(common::version()).finalize().into()
}

async fn make(embedder: &dyn Embedder, asked: &Questions) -> Result<Option<Scale>, ModelError> {
    let pairs = PAIRS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let (questions, texts): (Vec<String>, Vec<String>) =
        pairs.map(|(question, text)| (question.to_owned(), text.to_owned())).unzip();
    let deadline = Instant::now() + TIME;
    // As searches ask them, but nobody waits: a machine that has much to do may take longer.
    let mut vectors = Vec::new();
    for question in &questions {
        let vector = asked.vector_within(TIME, embedder, question).await;
        vectors.push(vector.ok_or_else(|| ModelError::new(ModelErrorKind::Timeout, embedder.name()))?);
    }
    let texts = embedder.embed(Kind::Passage, texts, deadline).await?.vectors;
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let row = |question: &Arc<[f32]>| texts.iter().map(|text| dot(question, text)).collect();
    Ok(Scale::of(&vectors.iter().map(row).collect::<Vec<Vec<f64>>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_that_of_the_model() {
        let cosines = vec![vec![0.90, 0.76, 0.78], vec![0.77, 0.88, 0.75], vec![0.76, 0.78, 0.86]];
        let scale = Scale::of(&cosines).expect("a scale");
        assert!(scale.nearness(0.88) > 0.95 && scale.nearness(0.767).abs() < 0.01);
        assert_eq!(Scale::of(&[vec![0.2, 0.2], vec![0.2, 0.2]]), None, "vectors that tell nothing");
        assert_eq!(Scale::of(&[]), None);
    }

    #[test]
    fn the_pairs_are_whole() {
        let lines = PAIRS.lines().filter(|line| !line.starts_with('#'));
        assert!(lines.clone().count() >= 10 && lines.clone().all(|line| line.split('\t').count() == 2));
    }
}
