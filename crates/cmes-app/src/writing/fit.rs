//! How well a business and an offer fit, as far as their texts tell.

use std::collections::HashMap;
use std::sync::Arc;

use cmes_extract::brief::Brief;
use cmes_models::{Embedder, Kind, ModelError};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// What companies of all kinds say of themselves, a language and a sentence a
/// line: an offer is nearer to the business that it suits than to these. They
/// make the measure independent of the model, whose similarities lie in a range
/// of its own, and of the language: texts in one language are always near.
const OTHERS: &str = include_str!("others.txt");

/// The sentences in a language; the English ones where there are none.
fn others_in(language: &str) -> Vec<String> {
    let of = |wanted: &str| {
        OTHERS
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(code, _)| *code == wanted)
            .map(|(_, text)| text.to_owned())
            .collect::<Vec<_>>()
    };
    let own = of(language);
    if own.is_empty() { of("en") } else { own }
}

/// Sentences and headings of the pages that a written sentence is compared with.
const SAID: usize = 24;

type Vectors = Vec<Vec<f32>>;

/// Compares offers with businesses by the meaning of their texts.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    embedder: Arc<dyn Embedder>,
    /// The vectors of [`OTHERS`] by language.
    others: Arc<Mutex<HashMap<String, Arc<Vectors>>>>,
}

impl Fit {
    pub(super) fn new(embedder: Arc<dyn Embedder>) -> Self {
        Self { embedder, others: Arc::default() }
    }

    /// From 0 (as far as any) to 1 (nearer than most others by far).
    ///
    /// # Errors
    /// When the embedder fails.
    pub(super) async fn of(&self, brief: &Brief, offer: &str, deadline: Instant) -> Result<Option<f64>, ModelError> {
        let business =
            brief.sentences.iter().take(8).chain(&brief.headings).map(String::as_str).collect::<Vec<_>>().join(" ");
        if business.is_empty() {
            return Ok(None);
        }
        let embed = |kind, texts: Vec<String>| self.embedder.embed(kind, texts, deadline);
        let others = self.others(brief, deadline).await?;
        let offer: String = offer.chars().take(1_000).collect();
        let offers = embed(Kind::Query, vec![offer]).await?.vectors;
        let businesses = embed(Kind::Passage, vec![business]).await?.vectors;
        let (Some(offer), Some(business)) = (offers.first(), businesses.first()) else { return Ok(None) };
        let far: Vec<f64> = others.iter().map(|other| dot(offer, other)).collect();
        Ok(Some(scaled(dot(offer, business), &far)))
    }

    /// Which of these sentences are nearer to something that the pages say than
    /// to what companies of other kinds say: a check that needs no common language.
    ///
    /// # Errors
    /// When the embedder fails.
    pub(super) async fn borne(
        &self,
        sentences: &[String],
        brief: &Brief,
        deadline: Instant,
    ) -> Result<Vec<bool>, ModelError> {
        let others = self.others(brief, deadline).await?;
        let embed = |texts: Vec<String>| self.embedder.embed(Kind::Passage, texts, deadline);
        let said = embed(brief.sentences.iter().chain(&brief.headings).take(SAID).cloned().collect()).await?.vectors;
        let written = embed(sentences.to_vec()).await?.vectors;
        let nearest = |one: &[f32], all: &[Vec<f32>]| all.iter().map(|other| dot(one, other)).fold(f64::MIN, f64::max);
        Ok(written.iter().map(|one| nearest(one, &said) > nearest(one, &others)).collect())
    }

    async fn others(&self, brief: &Brief, deadline: Instant) -> Result<Arc<Vectors>, ModelError> {
        let language = brief.language.map(|language| language.to_string()).unwrap_or_default();
        let mut known = self.others.lock().await;
        if let Some(vectors) = known.get(&language) {
            return Ok(Arc::clone(vectors));
        }
        let vectors = Arc::new(self.embedder.embed(Kind::Passage, others_in(&language), deadline).await?.vectors);
        known.insert(language, Arc::clone(&vectors));
        Ok(vectors)
    }
}

fn dot(one: &[f32], other: &[f32]) -> f64 {
    one.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// Where a similarity stands among those with other businesses: the mean of
/// them is a third, two deviations more than four fifths.
fn scaled(near: f64, far: &[f64]) -> f64 {
    let count = far.len().max(1) as f64;
    let mean = far.iter().sum::<f64>() / count;
    let deviation = (far.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt().max(1e-3);
    let steps = (near - mean) / deviation;
    (1.0 / (1.0 + (-(steps - 0.7)).exp())).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_the_same_others() {
        let languages: std::collections::BTreeSet<&str> = OTHERS
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(code, _)| code)
            .filter(|code| *code != "#")
            .collect();
        assert_eq!(languages.len(), 12);
        for language in languages {
            assert!(language.parse::<cmes_types::LanguageCode>().is_ok());
            assert_eq!(others_in(language).len(), 12, "{language}");
        }
        assert_eq!(others_in("fi"), others_in("en"));
    }

    #[test]
    fn nearer_than_others_is_a_better_fit() {
        let far = [0.70, 0.72, 0.74, 0.76, 0.78];
        let fits: Vec<f64> = [0.70, 0.74, 0.80, 0.90].iter().map(|near| scaled(*near, &far)).collect();
        assert!(fits.windows(2).all(|pair| pair[0] < pair[1]), "{fits:?}");
        assert!((0.25..0.45).contains(&fits[1]) && fits[3] > 0.9, "{fits:?}");
        assert!((0.0..=1.0).contains(&scaled(1.0, &[])));
        // The same spread in another range gives the same.
        let shifted: Vec<f64> = far.iter().map(|value| value - 0.5).collect();
        assert!((scaled(0.3, &shifted) - scaled(0.8, &far)).abs() < 1e-9);
    }
}
