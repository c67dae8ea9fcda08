//! What a cosine means: every model of vectors has a range of its own, in which texts that have nothing to do with
//! each other may stand at 0.76. So the model itself is asked, once, how near it finds questions and their answers, and
//! how near questions and other texts.

use std::sync::Arc;
use std::time::Duration;

use cmes_models::{Embedder, Kind, ModelError, ModelErrorKind};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::App;
use crate::questions::Questions;

/// Questions and texts, one pair a line. None is about what the sample bases are about.
const PAIRS: &str = include_str!("nearness.tsv");
/// Who asks first waits so long for the scale; it is made all the same.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Longest time for making it.
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

/// The scale of a process's embedder, made once.
#[derive(Debug, Default)]
pub struct Scales(Arc<OnceCell<Option<Scale>>>);

/// The scale of the embedder; none when there is no embedder, it does not answer in time, or its vectors tell nothing.
pub async fn scale(app: &App) -> Option<Scale> {
    let embedder = app.models.embedder()?;
    let kept = &app.knowledge.scales.0;
    if let Some(scale) = kept.get() {
        return *scale;
    }
    let (kept, questions) = (Arc::clone(kept), Arc::clone(&app.knowledge.questions));
    let made = tokio::spawn(async move {
        match kept.get_or_try_init(|| make(embedder.as_ref(), &questions)).await {
            Ok(scale) => *scale,
            Err(error) => {
                tracing::warn!(error = cmes_types::error_chain(&error), "nobody can tell how near texts are");
                None
            }
        }
    });
    tokio::time::timeout(PATIENCE, made).await.ok()?.ok()?
}

async fn make(embedder: &dyn Embedder, asked: &Questions) -> Result<Option<Scale>, ModelError> {
    let pairs = PAIRS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let (questions, texts): (Vec<String>, Vec<String>) =
        pairs.map(|(question, text)| (question.to_owned(), text.to_owned())).unzip();
    let deadline = Instant::now() + TIME;
    // As searches ask them.
    let mut vectors = Vec::new();
    for question in &questions {
        let vector = asked.vector(embedder, question).await;
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
