//! From a question and what was found about it to an answer that rests on it.
//!
//! Data flows one way: the question is searched with ([`search_query`]); what was found either fits or does not
//! (`fit`); a model is asked once (`prompt`), and each of its sentences is held against the passages before it is told
//! (`checks`). Without a model, or when nothing of what it wrote can be sent although a passage fits well, the passage is
//! quoted (`quote`). What is left says that nothing is known (`phrases`).

mod checks;
mod contacts;
mod fit;
mod language;
mod orders;
mod parts;
mod phrases;
mod prompt;
mod query;
mod quote;
mod rows;
mod stream;
#[cfg(test)]
mod tests;
mod values;
mod words;

use cmes_extract::grounding::is_instruction;
use cmes_models::{ChatEvent, ChatModel, ModelError, ModelErrorKind, TokenCounts};
use cmes_types::{LanguageCode, Source, Speaker};
use futures_util::StreamExt;
use tokio::time::Instant;

use crate::knowledge::nearness::Scale;
use crate::knowledge::search::FoundPassage;
use fit::{Fit, Fitting};
pub use query::search_query;
use stream::Sentences;

/// Most tokens that one answer may take, prompt and completion together: what
/// is put before a model is cut to it, and the price of so many is set aside.
pub const MOST_TOKENS: u32 = 8_192;

/// What was said earlier in the dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// By whom.
    pub speaker: Speaker,
    /// Its words.
    pub text: String,
}

/// Where a passage comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An article of a knowledge base.
    Article,
    /// What was handed over with a message of this dialogue.
    Attachment,
}

/// A passage that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// Where it comes from.
    pub origin: Origin,
    /// Code of its article; 0 for an attachment.
    pub code: i64,
    /// Name of its article.
    pub name: String,
    /// The sections and headings above it.
    pub context: String,
    /// Its text.
    pub text: String,
    /// How well it fits, from 0 to 1; comparable within one search.
    pub score: f64,
    /// How near its meaning is to the question's ([`Scale::nearness`]); none where nobody can tell.
    pub nearness: Option<f64>,
}

impl Passage {
    /// What a search has found, its nearness by the embedder's scale.
    #[must_use]
    pub fn of(found: FoundPassage, scale: Option<Scale>) -> Self {
        let nearness = scale.zip(found.cosine).map(|(scale, cosine)| scale.nearness(f64::from(cosine)));
        Self {
            nearness,
            origin: Origin::Article,
            code: found.article.code,
            name: found.article_name,
            context: found.context,
            text: found.text,
            score: f64::from(found.score),
        }
    }
}

/// What an answer may rest on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Material {
    /// The instructions of the dialogue's owner.
    pub system: String,
    /// What the dialogue was about before this question; may be empty.
    pub context: String,
    /// What was said before, the most recent part, oldest first.
    pub turns: Vec<Turn>,
    /// The question.
    pub question: String,
    /// What was found, best first.
    pub passages: Vec<Passage>,
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// A model wrote it from the passages.
    Answered,
    /// Nothing that was found answers the question, and it says so.
    Refused,
    /// It repeats the best passage.
    Quoted,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its text: everything that was told, and nothing else.
    pub text: String,
    /// Codes of the articles that it rests on, best first.
    pub articles: Vec<i64>,
    /// The passages that it rests on, best first.
    pub sources: Vec<Source>,
    /// What the dialogue is about now, in one sentence.
    pub context: String,
    /// What it took.
    pub tokens: TokenCounts,
    /// How it came about.
    pub grounds: Grounds,
}

/// Answers a question by what was found; `tell` hears each part of the text
/// once it may be sent.
///
/// # Errors
/// When the model fails.
pub async fn answer(
    model: Option<&dyn ChatModel>,
    material: &Material,
    deadline: Instant,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Answer, ModelError> {
    let language = language::of_question(material);
    if let Some((kind, own)) = phrases::small_talk(&material.question) {
        let language = own.and_then(|code| code.parse().ok()).unwrap_or(language);
        let text = phrases::of(language).reply(kind).to_owned();
        tell(&text);
        return Ok(ending(material, text, &[], TokenCounts::default(), Grounds::Answered));
    }
    let passages = prompt::shown(material);
    let asked = search_query(&material.question, &material.turns, &material.context);
    let fitting = fit::of(&asked, language, &passages);
    let (Some(model), true) = (model, fitting.fit > Fit::None) else {
        return Ok(without(material, &passages, fitting, language, TokenCounts::default(), tell));
    };
    let checker = checks::Checker::new(material, &passages, language);
    let mut sentences = Sentences::new(&checker);
    let mut stream = model.stream(prompt::question(material, &passages, language), deadline);
    while let Some(event) = stream.next().await {
        match event? {
            ChatEvent::Delta(text) => sentences.add(&text, tell),
            ChatEvent::Done(answer) => {
                let written = sentences.end(&answer, tell);
                if written.text.is_empty() {
                    return Ok(without(material, &passages, fitting, language, answer.tokens, tell));
                }
                let used: Vec<&Passage> = written.used.iter().filter_map(|at| passages.get(*at)).collect();
                return Ok(ending(material, written.text, &used, answer.tokens, Grounds::Answered));
            }
        }
    }
    Err(ModelError::new(ModelErrorKind::CutStream, model.name()))
}

/// An answer that no model wrote: the best passage if it fits well, or that nothing is known.
fn without(
    material: &Material,
    passages: &[Passage],
    fitting: Fitting,
    language: LanguageCode,
    tokens: TokenCounts,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Answer {
    let fits = fitting.fit == Fit::Well && !is_instruction(&material.question);
    if let Some(best) = passages.get(fitting.best).filter(|_| fits) {
        let asked = search_query(&material.question, &material.turns, &material.context);
        let mut text = quote::best(best, &material.question, &asked);
        if language::of(&best.text).is_some_and(|other| other != language) && !best.name.is_empty() {
            text = format!("{} {text}", phrases::of(language).quote(&best.name));
        }
        tell(&text);
        return ending(material, text, &[best], tokens, Grounds::Quoted);
    }
    let text = phrases::of(language).unknown.to_owned();
    tell(&text);
    ending(material, text, &[], tokens, Grounds::Refused)
}

/// What to search for when an answer was refused, to say where one can ask.
pub const CONTACT_QUERY: &str = "contact telephone phone e-mail Kontakt Telefon";

/// Says where one can ask, if these passages hold it and it was not said yet.
pub fn offer_contact(
    answer: &mut Answer,
    material: &Material,
    passages: &[Passage],
    tell: &mut (dyn FnMut(&str) + Send),
) {
    if answer.grounds != Grounds::Refused || !answer.sources.is_empty() {
        return;
    }
    let Some((contacts, used)) = contacts::to_offer(passages) else { return };
    let said = phrases::of(language::of_question(material)).contact(&contacts);
    let said = format!(" {said}");
    tell(&said);
    answer.text.push_str(&said);
    let used: Vec<&Passage> = used.iter().collect();
    (answer.articles, answer.sources) = resting_on(&used);
}

fn ending(material: &Material, text: String, used: &[&Passage], tokens: TokenCounts, grounds: Grounds) -> Answer {
    let (articles, sources) = resting_on(used);
    Answer { text, articles, sources, context: query::context(material), tokens, grounds }
}

fn resting_on(used: &[&Passage]) -> (Vec<i64>, Vec<Source>) {
    let mut articles: Vec<i64> = Vec::new();
    for passage in used.iter().filter(|passage| passage.origin == Origin::Article) {
        if !articles.contains(&passage.code) {
            articles.push(passage.code);
        }
    }
    let source =
        |passage: &&Passage| Source { code: passage.code, name: passage.name.clone(), passage: passage.text.clone() };
    (articles, used.iter().map(source).collect())
}
