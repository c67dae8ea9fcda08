//! A sample of articles of an invented company, with questions about them.

use serde::Deserialize;

/// An article.
#[derive(Clone, Debug, Deserialize)]
pub struct Article {
    /// How questions name it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its text.
    pub body: String,
}

/// A question, and what is right to answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// Its language (ISO 639-1).
    pub language: String,
    /// The question.
    pub question: String,
    /// What an answer has to contain, each with its alternatives between `|`.
    pub facts: Vec<String>,
    /// The article that has it; none when nothing has.
    pub source: Option<String>,
    /// What was said before, the user first.
    pub said: Vec<String>,
}

/// The articles.
///
/// # Errors
/// When the file is no JSON of this form.
pub fn articles() -> Result<Vec<Article>, serde_json::Error> {
    serde_json::from_str(include_str!("../assistant/articles.json"))
}

/// The questions on which answering is developed.
///
/// # Errors
/// When the file is no JSON of this form.
pub fn questions() -> Result<Vec<Question>, serde_json::Error> {
    serde_json::from_str(include_str!("../assistant/questions.json"))
}

/// Questions that were written before anything was mended for them, to see what holds of questions that nobody knew.
///
/// # Errors
/// When the file is no JSON of this form.
pub fn held_out_questions() -> Result<Vec<Question>, serde_json::Error> {
    serde_json::from_str(include_str!("../assistant/questions_held_out.json"))
}
