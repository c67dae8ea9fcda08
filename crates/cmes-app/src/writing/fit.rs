//! How well a business and an offer fit, as far as their texts tell.

use std::sync::Arc;

use cmes_extract::brief::Brief;
use cmes_models::{Embedder, Kind, ModelError};
use tokio::sync::OnceCell;
use tokio::time::Instant;

/// What companies of all kinds say of themselves: an offer is nearer to the
/// business that it suits than to these. They make the measure independent of the
/// model, whose similarities lie in a range of its own.
const OTHERS: [&str; 12] = [
    "We manufacture centrifugal pumps and valves for industry.",
    "Law firm for labour, family and inheritance law.",
    "Dental practice for implants, orthodontics and children.",
    "We bake bread, cakes and pastries in our own bakery.",
    "Agency for branding, web design and social media.",
    "Haulage, warehousing and freight forwarding in Europe.",
    "Hotel with restaurant, spa and rooms for conferences.",
    "We develop software for accounting and payroll.",
    "Plumbing, heating and bathroom installation for homes.",
    "Online shop for clothes, shoes and accessories.",
    "Private school with courses for children and adults.",
    "Estate agent for flats, houses and commercial property.",
];

/// Sentences and headings of the pages that a written sentence is compared with.
const SAID: usize = 24;

/// Compares offers with businesses by the meaning of their texts.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    embedder: Arc<dyn Embedder>,
    others: Arc<OnceCell<Vec<Vec<f32>>>>,
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
        let others = self.others(deadline).await?;
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
        let others = self.others(deadline).await?;
        let embed = |texts: Vec<String>| self.embedder.embed(Kind::Passage, texts, deadline);
        let said = embed(brief.sentences.iter().chain(&brief.headings).take(SAID).cloned().collect()).await?.vectors;
        let written = embed(sentences.to_vec()).await?.vectors;
        let nearest = |one: &[f32], all: &[Vec<f32>]| all.iter().map(|other| dot(one, other)).fold(f64::MIN, f64::max);
        Ok(written.iter().map(|one| nearest(one, &said) > nearest(one, others)).collect())
    }

    async fn others(&self, deadline: Instant) -> Result<&Vec<Vec<f32>>, ModelError> {
        let texts = || OTHERS.iter().map(|text| (*text).to_owned()).collect();
        let embed = || async { Ok(self.embedder.embed(Kind::Passage, texts(), deadline).await?.vectors) };
        self.others.get_or_try_init(embed).await
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
