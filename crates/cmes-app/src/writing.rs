//! The texts of a profile, written by a language model and held to the pages.
//!
//! One question gives what the company does, advice, and how well an offer
//! suits it. Every sentence is held against the pages
//! ([`cmes_extract::grounding`]); those that fail are left out. Without a model
//! that is large enough, or when it fails or takes too long, the sentences of the
//! site stay, and the evidence says so.

use std::sync::Arc;
use std::time::Duration;

use cmes_extract::assessment::{self, Assessment, Offer, Opinion, Relation, Share, Signals};
use cmes_extract::brief::Brief;
use cmes_extract::facts::language;
use cmes_extract::grounding::Fault;
use cmes_extract::trades::Proposal;
use cmes_models::{ChatModel, ChatRequest, Embedder, ModelError};
use cmes_store::{Db, answers};
use cmes_types::{Clock, CompanyData, Evidence, LanguageCode, Method, Money, Signal};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

mod fit;
mod gaps;
pub(crate) mod prompt;
#[cfg(test)]
mod tests;

use fit::Fit;
use prompt::{Answer, Customer};

/// Writes the texts of profiles.
#[derive(Clone, Default)]
pub struct Writer {
    chat: Option<Arc<dyn ChatModel>>,
    fit: Option<Fit>,
    answers: Option<(Db, Arc<dyn Clock>)>,
    time_limit: Duration,
}

/// What the texts are to be, beside what the pages say.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// Their language.
    pub language: LanguageCode,
    /// What is to be sold to the company; empty for nothing.
    pub offer: &'a str,
    /// For the budget.
    pub exchange: &'a Exchange,
}

/// The account's currency, with the rates that lead to it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// ISO 4217 code.
    pub currency: String,
    /// Prices and rates in force.
    pub tariffs: Arc<crate::Tariffs>,
}

/// A profile before its texts.
#[derive(Debug)]
pub struct Draft {
    /// The profile.
    pub data: CompanyData,
    /// What its values rest on.
    pub evidence: Vec<Evidence>,
    /// What its texts may rest on.
    pub brief: Brief,
}

/// The provider whose model is small. It was measured (`docs/quality.md`): in no language did it
/// write profiles that could be sent, so it is not asked for them.
pub(crate) const EMBEDDED: &str = "embedded";

impl Writer {
    /// With these models, each answer within so much time.
    #[must_use]
    pub fn new(chat: Option<Arc<dyn ChatModel>>, embedder: Option<Arc<dyn Embedder>>, time_limit: Duration) -> Self {
        Self { chat, fit: embedder.map(Fit::new), answers: None, time_limit }
    }

    /// Keeps answers in a database, so that the same question is asked once.
    #[must_use]
    pub fn remembering(self, db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { answers: Some((db, clock)), ..self }
    }

    /// Writes the texts of a profile and assesses the offer; whatever fails, a
    /// profile results.
    pub async fn write(&self, draft: &mut Draft, wish: &Wish<'_>) -> Option<Assessment> {
        let deadline = Instant::now() + self.time_limit;
        let untranslated = gaps::untranslated(draft, wish.language);
        let answer = match self.ask(draft, wish, &untranslated, deadline).await {
            Ok(answer) => answer,
            Err(reason) => {
                draft.remark(&reason);
                None
            }
        };
        let opinion = answer.as_ref().map(|answer| opinion(answer.customer));
        if let (Some(answer), Some(chat)) = (answer, &self.chat) {
            let mut business = draft.borne(&answer.business, wish, false);
            if draft.brief.language != Some(wish.language) {
                business = self.near(business, draft, deadline).await;
            }
            draft.take_business(&answer, &business, chat.name());
            let advice = draft.borne(&answer.recommendations, wish, true);
            draft.take_advice(&advice, chat.name());
            draft.fill(&answer, &untranslated, wish.language, chat.name());
        }
        if wish.offer.trim().is_empty() {
            return None;
        }
        let fit = self.fit(draft, wish, deadline).await;
        let assessment = assess(draft, wish, fit, opinion);
        if let Some(extended) = &mut draft.data.extended {
            extended.assessment = assessment.shares.iter().map(signal).collect();
        }
        Some(assessment)
    }

    /// The model's answer; `None` when there is none to ask, or nothing to ask about.
    async fn ask(
        &self,
        draft: &Draft,
        wish: &Wish<'_>,
        untranslated: &[(usize, String)],
        deadline: Instant,
    ) -> Result<Option<Answer>, String> {
        let Some(chat) = &self.chat else { return Ok(None) };
        if draft.brief.is_empty() {
            return Ok(None);
        }
        if chat.provider() == EMBEDDED {
            return Err(format!("the small model {} does not write well enough", chat.name()));
        }
        let request =
            prompt::question(&draft.data, &draft.brief, wish.offer, &gaps::asked(draft, untranslated), wish.language);
        let key = key(chat.as_ref(), &request);
        if let Some(known) = self.known(&key).await {
            return Ok(prompt::parse(&known));
        }
        let answered = tokio::time::timeout_at(deadline, chat.chat(request, deadline)).await;
        let text = match answered {
            Ok(Ok(answer)) => answer.text,
            Ok(Err(error)) => return Err(failed(&error)),
            Err(_) => return Err("the model took too long".to_owned()),
        };
        self.keep(&key, &text).await;
        Ok(prompt::parse(&text))
    }

    /// The sentences whose meaning stands in the pages; all where nothing can tell.
    async fn near(&self, sentences: Vec<String>, draft: &Draft, deadline: Instant) -> Vec<String> {
        let Some(fit) = self.fit.as_ref().filter(|_| !sentences.is_empty()) else { return sentences };
        match within(deadline, fit.borne(&sentences, &draft.brief, deadline)).await {
            Ok(borne) => {
                sentences.into_iter().zip(borne).filter(|(_, is_borne)| *is_borne).map(|(text, _)| text).collect()
            }
            Err(reason) => {
                tracing::warn!(error = reason, "the meaning of sentences is not compared");
                sentences
            }
        }
    }

    async fn known(&self, key: &str) -> Option<String> {
        let (db, _) = self.answers.as_ref()?;
        answers::find(db, key).await.unwrap_or_else(|error| {
            tracing::warn!(error = cmes_types::error_chain(&error), "kept answers cannot be read; asking the model");
            None
        })
    }

    async fn keep(&self, key: &str, text: &str) {
        let Some((db, clock)) = &self.answers else { return };
        if let Err(error) = answers::keep(db, key, text, clock.now()).await {
            tracing::warn!(error = cmes_types::error_chain(&error), "an answer of the model cannot be kept");
        }
    }

    async fn fit(&self, draft: &Draft, wish: &Wish<'_>, deadline: Instant) -> Option<f64> {
        let fit = self.fit.as_ref()?;
        match within(deadline, fit.of(&draft.brief, wish.offer, deadline)).await {
            Ok(fit) => fit,
            Err(reason) => {
                tracing::warn!(error = reason, "the fit of an offer is not known");
                None
            }
        }
    }
}

fn opinion(customer: Customer) -> Opinion {
    match customer {
        Customer::Competitor => Opinion::Competitor,
        Customer::Unlikely => Opinion::Unlikely,
        Customer::Unclear => Opinion::Unclear,
        Customer::Possible => Opinion::Possible,
        Customer::Likely => Opinion::Likely,
    }
}

fn signal(share: &Share) -> Signal {
    let Share { signal, value, points, factor } = share;
    let factor = (factor * 100.0).round() / 100.0;
    Signal { name: (*signal).to_owned(), value: value.clone(), points: *points, factor }
}

/// What an embedder gives in time, else why there is nothing: whatever it does, a profile does not wait for it longer.
async fn within<T>(deadline: Instant, asked: impl Future<Output = Result<T, ModelError>>) -> Result<T, String> {
    match tokio::time::timeout_at(deadline, asked).await {
        Ok(given) => given.map_err(|error| cmes_types::error_chain(&error)),
        Err(_elapsed) => Err("the embedder took too long".to_owned()),
    }
}

/// What is said in the evidence; the cause is for the log.
fn failed(error: &ModelError) -> String {
    tracing::warn!(error = cmes_types::error_chain(error), "the model wrote nothing; the site's sentences are given");
    error.to_string()
}

/// The same for the same question to the same model.
pub(crate) fn key(chat: &dyn ChatModel, request: &ChatRequest) -> String {
    let mut hash = Sha256::new();
    let shape = request.schema.as_ref().map_or("", |schema| schema.text());
    let asked = request.messages.iter().map(|message| message.text.as_str());
    for part in [chat.provider(), chat.name(), shape].into_iter().chain(asked) {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn assess(draft: &mut Draft, wish: &Wish<'_>, fit: Option<f64>, opinion: Option<Opinion>) -> Assessment {
    let offer = Offer::read(wish.offer);
    let signals = Signals {
        fit,
        employees: draft.brief.employees,
        open_positions: draft.brief.open_positions,
        relation: Relation::of(&draft.brief.occupation, &Proposal::read(wish.offer)),
        ..Signals::of(&draft.data, wish.offer)
    };
    let Exchange { currency, tariffs } = wish.exchange;
    let assessment = assessment::assess(&signals, &offer, opinion, |from| tariffs.ratio(from, "GBP"));
    let budget = tariffs.ratio("GBP", currency).map(|ratio| assessment.budget_in(ratio));
    draft.data.estimated_budget =
        budget.and_then(|whole| Money::ONE.checked_times(u32::try_from(whole).ok()?)).unwrap_or_default();
    draft.data.probability_of_success = assessment.probability;
    let says: Vec<String> = assessment.shares.iter().map(|share| format!("{} {}", share.signal, share.value)).collect();
    let says = says.join("; ");
    for (field, value) in [
        ("EstimatedBudget", draft.data.estimated_budget.to_string()),
        ("ProbabilityOfSuccess", draft.data.probability_of_success.to_string()),
    ] {
        draft.note(field, &value, Method::Inferred, &says, 0.3);
    }
    assessment
}

impl Draft {
    /// Takes over the business as it was written, when its first sentence stood
    /// up: that is the one that says what the company does.
    fn take_business(&mut self, answer: &Answer, kept: &[String], model: &str) {
        let first = answer.business.first().and_then(|text| cmes_extract::sentences::split(text).into_iter().next());
        let has_first = first.is_some_and(|first| kept.first().is_some_and(|kept| kept == first));
        if has_first {
            self.data.business = joined(kept);
            let text = self.data.business.clone();
            self.replace_note("Business", &text, model);
        } else {
            self.remark("what the model wrote about the business is not borne out by the pages");
        }
    }

    fn take_advice(&mut self, kept: &[String], model: &str) {
        if !kept.is_empty() {
            self.data.recommendations = joined(kept);
            let text = self.data.recommendations.clone();
            self.replace_note("Recommendations", &text, model);
        }
    }

    /// The sentences without fault, each once. Advice need not be in the words of the pages.
    fn borne(&self, written: &[String], wish: &Wish<'_>, is_advice: bool) -> Vec<String> {
        let mut ground = self.brief.ground.clone();
        if is_advice {
            ground.extend(wish.offer);
        }
        let mut kept: Vec<String> = Vec::new();
        for text in written {
            for sentence in cmes_extract::sentences::split(text) {
                let faults = ground.faults(sentence, wish.language);
                let faults: Vec<Fault> =
                    faults.into_iter().filter(|fault| !(is_advice && *fault == Fault::Unsupported)).collect();
                let is_other = language::is_other(sentence, wish.language, self.brief.language);
                let is_new = !kept.iter().any(|known| cmes_extract::sentences::overlap(known, sentence) > 0.75);
                // What ends in the middle was cut off by the limit of the answer.
                let is_whole = cmes_extract::sentences::is_ended(sentence);
                if let Some(fault) = faults.first() {
                    tracing::debug!(fault = fault.kind(), "a written sentence was left out");
                } else if is_new && is_whole && !is_other && !speaks_as_company(sentence) {
                    kept.push(sentence.to_owned());
                }
            }
        }
        kept
    }

    fn note(&mut self, field: &str, value: &str, method: Method, snippet: &str, confidence: f64) {
        let url = self.evidence.iter().find(|e| e.field == "CompanyName").map(|e| e.url.clone()).unwrap_or_default();
        let snippet = snippet.chars().take(200).collect();
        self.evidence.push(Evidence {
            field: field.to_owned(),
            value: value.to_owned(),
            url,
            snippet,
            method,
            confidence,
        });
    }

    fn replace_note(&mut self, field: &str, value: &str, model: &str) {
        self.evidence.retain(|e| e.field != field);
        self.note(field, value, Method::Model, &format!("written by {model} and held against the pages"), 0.6);
    }

    /// Why the model's words are not there.
    fn remark(&mut self, reason: &str) {
        self.note("Model", "not used", Method::Model, reason, 0.0);
    }
}

/// In the first person, as the site's own sentences are, which are no description.
fn speaks_as_company(sentence: &str) -> bool {
    const WORDS: &[&str] = &[
        "we", "our", "wir", "unser", "unsere", "unseren", "nous", "notre", "nos", "nosotros", "nuestro", "nuestra",
        "noi", "nostro", "nostra", "мы", "наш", "наша", "наши",
    ];
    let lower = sentence.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic());
    words.any(|word| WORDS.contains(&word)) || lower.contains("headings:")
}

fn joined(sentences: &[String]) -> String {
    let is_dense = sentences.iter().any(|sentence| sentence.ends_with(['。', '！', '？']));
    sentences.join(if is_dense { "" } else { " " })
}
