//! From a question and what was found about it to an answer that rests on it.

use cmes_models::{ChatEvent, ChatModel, ChatRequest, Message, ModelError, ModelErrorKind, TokenCounts};
use cmes_types::{Source, Speaker};
use futures_util::StreamExt;
use tokio::time::Instant;

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
    let Some(best) = material.passages.first() else {
        let text = "I do not know.".to_owned();
        tell(&text);
        return Ok(ending(material, text, &[], TokenCounts::default(), Grounds::Refused));
    };
    let Some(model) = model else {
        tell(&best.text);
        let best = std::slice::from_ref(best);
        return Ok(ending(material, best[0].text.clone(), best, TokenCounts::default(), Grounds::Quoted));
    };
    let mut stream = model.stream(question(material), deadline);
    while let Some(event) = stream.next().await {
        match event? {
            ChatEvent::Delta(text) => tell(&text),
            ChatEvent::Done(answer) => {
                return Ok(ending(material, answer.text, &material.passages, answer.tokens, Grounds::Answered));
            }
        }
    }
    Err(ModelError::new(ModelErrorKind::CutStream, model.name()))
}

/// The words to search with: the question, with what a follow-up leaves out taken from the dialogue.
#[must_use]
pub fn search_query(question: &str, _turns: &[Turn], _context: &str) -> String {
    question.to_owned()
}

fn question(material: &Material) -> ChatRequest {
    let passages: Vec<&str> = material.passages.iter().map(|passage| passage.text.as_str()).collect();
    let mut messages = vec![Message::system(format!("{}\n\n{}", material.system, passages.join("\n\n")))];
    messages.extend(material.turns.iter().map(|turn| match turn.speaker {
        Speaker::User => Message::user(&turn.text),
        Speaker::Assistant => Message::assistant(&turn.text),
    }));
    messages.push(Message::user(&material.question));
    ChatRequest::new(messages, 500)
}

fn ending(material: &Material, text: String, used: &[Passage], tokens: TokenCounts, grounds: Grounds) -> Answer {
    let mut articles: Vec<i64> = Vec::new();
    for passage in used.iter().filter(|passage| passage.origin == Origin::Article) {
        if !articles.contains(&passage.code) {
            articles.push(passage.code);
        }
    }
    let source =
        |passage: &Passage| Source { code: passage.code, name: passage.name.clone(), passage: passage.text.clone() };
    let context = if material.context.is_empty() { material.question.clone() } else { material.context.clone() };
    Answer { text, articles, sources: used.iter().map(source).collect(), context, tokens, grounds }
}
