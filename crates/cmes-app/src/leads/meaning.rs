//! What a query means, where its words are in no vocabulary: an embedder tells whether a site speaks of it.
//!
//! Cosines of sentence embeddings lie close together, and each model has a range of its own. So what is asked is
//! put among the names of all trades in its language: what stands as near to a site's own texts as
//! the nearest trade does is what the site speaks of. The language of the names is the query's, so that a site in
//! another language is as far from all of them. Which of the trades is nearest to what is asked is no use: of twelve
//! words for trades of the catalogue, one or two stood next to theirs with multilingual-e5-small.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cmes_extract::trades;
use cmes_leads::query::{Names, Query};
use cmes_leads::without::is_left_out;
use cmes_models::{Embedder, Kind, ModelError};
use cmes_types::LanguageCode;
use tokio::sync::OnceCell;
use tokio::time::Instant;

/// Longest time for the names of all trades, once for each language, and for the texts of one site.
const NAMES_TIME: Duration = Duration::from_secs(120);
const SITE_TIME: Duration = Duration::from_secs(20);

/// The names of all trades in a language: the catalogue's, and those of `cmes-leads`.
fn names_of_trades(language: LanguageCode) -> Vec<String> {
    let known = trades::all().iter().filter(|trade| !is_left_out(&trade.id));
    let catalogue = known.filter_map(|trade| trade.companies(language).or_else(|| trade.goods(language)));
    catalogue.chain(Names::all().filter_map(|names| names.name(language))).map(str::to_owned).collect()
}

/// The names of all trades in a language, as vectors.
type Vectors = Arc<Vec<Vec<f32>>>;

/// An embedder, and what it made of the names of trades so far.
pub(super) struct Meaning {
    embedder: Arc<dyn Embedder>,
    known: Mutex<HashMap<LanguageCode, Arc<OnceCell<Vectors>>>>,
}

/// What a query asks for in words that no vocabulary has.
pub(super) struct Asked {
    embedder: Arc<dyn Embedder>,
    names: Vectors,
    /// Each such activity.
    activities: Vec<Vec<f32>>,
}

impl Meaning {
    pub(super) fn new(embedder: Arc<dyn Embedder>) -> Self {
        Self { embedder, known: Mutex::default() }
    }

    /// What a query asks for beyond the vocabulary; nothing when it asks for nothing such, or the embedder fails.
    pub(super) async fn asked(&self, query: &Query) -> Option<Asked> {
        let unknown = query.activities.iter().filter(|activity| activity.is_unknown());
        let words: Vec<String> = unknown.map(|activity| activity.words.clone()).collect();
        if words.is_empty() {
            return None;
        }
        let made = async {
            let names = self.names(query.language).await?;
            let asked = self.embedder.embed(Kind::Query, words, Instant::now() + SITE_TIME).await?;
            Ok::<_, ModelError>((names, asked.vectors))
        };
        match made.await {
            Ok((names, activities)) => Some(Asked { embedder: Arc::clone(&self.embedder), names, activities }),
            Err(error) => {
                tracing::warn!(error = cmes_types::error_chain(&error), "words alone decide which companies are meant");
                None
            }
        }
    }

    async fn names(&self, language: LanguageCode) -> Result<Vectors, ModelError> {
        let language = trades::languages().find(|known| *known == language).unwrap_or(LanguageCode::ENGLISH);
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(language).or_default())
        };
        let made = cell.get_or_try_init(|| async {
            let names = names_of_trades(language);
            let made = self.embedder.embed(Kind::Query, names, Instant::now() + NAMES_TIME).await?;
            Ok::<_, ModelError>(Arc::new(made.vectors))
        });
        made.await.cloned()
    }
}

impl Asked {
    /// How near texts of a site are to what is asked: 0 as the names of trades are in the mean, 1 as the nearest of
    /// them. Nothing when there are no texts, or the embedder fails.
    pub(super) async fn likeness(&self, texts: Vec<String>) -> Option<f32> {
        let made = self.embedder.embed(Kind::Passage, texts, Instant::now() + SITE_TIME).await;
        let texts = match made {
            Ok(made) => made.vectors,
            Err(error) => {
                tracing::debug!(error = cmes_types::error_chain(&error), "a site's texts have no vectors");
                return None;
            }
        };
        let near = |vector: &[f32]| texts.iter().map(|text| dot(vector, text)).fold(f32::MIN, f32::max);
        let names: Vec<f32> = self.names.iter().map(|name| near(name)).collect();
        let asked = self.activities.iter().map(|vector| near(vector)).reduce(f32::max)?;
        on_scale(asked, &names)
    }
}

/// A cosine among those of names: 0 for their mean, 1 for the largest.
fn on_scale(cosine: f32, names: &[f32]) -> Option<f32> {
    let most = names.iter().copied().reduce(f32::max)?;
    let mean = mean(names);
    (most - mean > f32::EPSILON).then(|| (cosine - mean) / (most - mean))
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[expect(clippy::cast_precision_loss, reason = "hundreds")]
fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use cmes_models::embedded::{EmbeddedEmbedder, EmbedderSettings};

    use super::*;

    #[test]
    fn a_cosine_stands_among_those_of_names() {
        let names = [0.80, 0.82, 0.84, 0.90];
        assert!(on_scale(0.84, &names).is_some_and(|near| near.abs() < 1e-4));
        assert!(on_scale(0.90, &names).is_some_and(|near| (near - 1.0).abs() < 1e-4));
        assert!(on_scale(0.93, &names).is_some_and(|near| near > 1.4));
        assert_eq!(on_scale(0.9, &[0.5, 0.5]), None, "vectors that tell nothing");
        assert_eq!(on_scale(0.9, &[]), None);
    }

    #[test]
    fn trades_have_names_in_every_language() {
        for language in trades::languages() {
            assert!(names_of_trades(language).len() > 300, "{language}");
        }
    }

    /// Sites of trades that no vocabulary has, and of others; of each, the texts that say what it is.
    const SITES: &[(&str, &[&str])] = &[
        (
            "tattoo",
            &["Black Anchor – Tattoo Studio Köln", "Tätowierungen nach eigenem Entwurf, Cover-ups und Piercing."],
        ),
        (
            "violins",
            &["Bottega Lanaro – liutaio in Cremona", "Costruiamo e restauriamo violini, viole e violoncelli a mano."],
        ),
        ("ropes", &["Harbour Ropeworks", "We lay and splice ropes of hemp and polyester for ships and cranes."]),
        (
            "dogs",
            &["Escuela canina Los Robles", "Adiestramiento de perros, clases de obediencia y cachorros en Valencia."],
        ),
        (
            "pianos",
            &["Klavierstimmer Berger", "Ich stimme, reguliere und repariere Klaviere und Flügel bei Ihnen zu Hause."],
        ),
        (
            "escape",
            &[
                "Mystery Rooms Lyon – escape game",
                "Soixante minutes pour sortir : quatre salles à énigmes pour groupes et entreprises.",
            ],
        ),
        (
            "balloons",
            &[
                "Up & Away Ballooning",
                "Hot air balloon flights over the Cotswolds at sunrise, with champagne breakfast.",
            ],
        ),
        ("plumber", &["Sanitär Huber – Bad und Heizung", "Wir reparieren Rohre, Bäder und Heizungen in München."]),
        ("valves", &["Valvole Rossi S.r.l.", "Produciamo valvole a sfera e saracinesche per acquedotti."]),
        (
            "dentist",
            &["Cabinet dentaire Martin à Lyon", "Soins dentaires, implants et orthodontie pour toute la famille."],
        ),
        ("furniture", &["Fabryka Mebli Dąb", "Produkujemy meble tapicerowane: sofy, fotele i łóżka."]),
        (
            "software",
            &["WareFlow – warehouse software", "Our cloud platform runs warehouses of shippers and wholesalers."],
        ),
        ("hotel", &["Hotel Miramar, Málaga", "Habitaciones con vistas al mar, desayuno y piscina."]),
        (
            "music-shop",
            &["Musikhaus Weber", "Gitarren, Keyboards und Noten: unser Laden in Ulm hat alles für Musiker."],
        ),
    ];

    #[tokio::test]
    async fn sites_are_told_apart_by_what_is_meant() {
        let Some(file) = cmes_testkit::model_file("e5-small-q4.bin") else { return };
        let settings = EmbedderSettings { threads: 1, ..EmbedderSettings::new(file) };
        let meaning = Meaning::new(Arc::new(EmbeddedEmbedder::new(settings)));
        // What is asked, and the one site that is taken for it; none where the model is not sure enough.
        for (text, right) in [
            ("tattoo parlours in Germany", Some("tattoo")),
            ("dog obedience teachers in Spain", Some("dogs")),
            ("canine obedience classes in Spain", Some("dogs")),
            ("fauconniers en Espagne", None),
            ("Taxidermists in the UK", None),
            ("observatories in Italy", None),
        ] {
            let asked = meaning.asked(&Query::read(text)).await.expect("no vocabulary has it");
            let mut alike = Vec::new();
            for (id, texts) in SITES {
                let texts = texts.iter().map(|text| (*text).to_owned()).collect();
                if asked.likeness(texts).await.is_some_and(|likeness| likeness >= cmes_leads::judging::ALIKE) {
                    alike.push(*id);
                }
            }
            assert_eq!(alike, right.into_iter().collect::<Vec<_>>(), "{text}");
        }
        for known in [
            "plumbers in Leeds",
            "Tattoostudios in Köln",
            "accordeurs de piano en Allemagne",
            "escape rooms in France",
            "violin makers in Italy",
            "Geigenbauer in Italien",
            "dog trainers in Spain",
            "montgolfières en Angleterre",
            "balloon rides in England",
        ] {
            assert!(meaning.asked(&Query::read(known)).await.is_none(), "{known}: words that are known need no model");
        }
    }
}
